import type { UtcTime } from '../model/time.ts';
import type { Connection } from './handle.ts';

/** A process that takes queue entries. It must say again and again that it lives; what it held comes back otherwise. */
export interface QueueWorker {
  readonly workerId: string;
  /** Host and lock file: of two workers with the same, the older one is dead. */
  readonly instance: string;
  readonly aliveUntil: UtcTime;
}

/** Notes a process that works on the queues. */
export async function insertWorker(connection: Connection, worker: QueueWorker): Promise<void> {
  await connection('queue_worker').insert({
    worker_id: worker.workerId,
    instance: worker.instance,
    alive_until: worker.aliveUntil,
  });
}

/** @returns false where others have given this worker up for dead */
export async function renewWorker(
  connection: Connection,
  workerId: string,
  aliveUntil: UtcTime,
): Promise<boolean> {
  const changed = await connection('queue_worker')
    .where('worker_id', workerId)
    .update({ alive_until: aliveUntil });
  return changed === 1;
}

/** Gives back all that a worker holds and forgets it; for its orderly end. */
export async function removeWorker(connection: Connection, workerId: string): Promise<void> {
  await connection('queue_entry').where('worker_id', workerId).update({ worker_id: null });
  await connection('queue_worker').where('worker_id', workerId).delete();
}

/**
 * Gives back what dead processes held: those past their time, and the predecessors of this instance.
 * @returns how many entries came back
 */
export async function reclaimFromDead(
  connection: Connection,
  now: UtcTime,
  instance?: string,
): Promise<number> {
  const dead = connection('queue_worker').where('alive_until', '<', now);
  if (instance !== undefined) dead.orWhere('instance', instance);
  const workers = await dead.pluck('worker_id');
  let released = 0;
  for (const workerId of workers) {
    released += await connection('queue_entry')
      .where('worker_id', workerId)
      .update({ worker_id: null, recoveries: connection.raw('recoveries + 1') });
    await connection('queue_worker').where('worker_id', workerId).delete();
  }
  // A process that was given up for dead while it was only slow may have stored more since.
  const held = await connection('queue_entry')
    .whereNotNull('worker_id')
    .whereNotIn('worker_id', connection('queue_worker').select('worker_id'))
    .update({ worker_id: null });
  return released + held;
}
