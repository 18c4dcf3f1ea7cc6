/**
 * For how long the processors have worked for this process since, in milliseconds. Tests of what must not take long ask
 * this instead of the clock: on a machine that has other work, a clock tells of that.
 */
export function processorTime(): () => number {
  const start = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1000;
  };
}
