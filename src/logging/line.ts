import type { LoggerConfig } from '../config/index.ts';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

/** A line of a log as `[logging.NAME] format` and `datefmt` want it, in Python's notation, with its line end. */
export function logLine(
  { name, format, datefmt }: Pick<LoggerConfig, 'name' | 'format' | 'datefmt'>,
  message: string,
  time: Date,
): string {
  const values: Readonly<Record<string, string>> = {
    asctime: formatTime(datefmt, time),
    process: String(process.pid),
    name: name === 'root' ? 'mailman' : `mailman.${name}`,
    levelname: 'INFO',
    message: oneRecord(message),
  };
  return `${format.replace(/%\((\w+)\)[sd]|%%/g, (original, key?: string) => (key === undefined ? '%' : (values[key] ?? original)))}\n`;
}

/** A time in Python's notation for `strftime`, as far as logs use it. */
export function formatTime(pattern: string, time: Date): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  return pattern.replace(/%([a-zA-Z%])/g, (original, letter: string) => {
    switch (letter) {
      case 'Y':
        return String(time.getFullYear());
      case 'y':
        return two(time.getFullYear() % 100);
      case 'm':
        return two(time.getMonth() + 1);
      case 'b':
        return MONTHS[time.getMonth()] ?? '';
      case 'd':
        return two(time.getDate());
      case 'a':
        return DAYS[time.getDay()] ?? '';
      case 'H':
        return two(time.getHours());
      case 'M':
        return two(time.getMinutes());
      case 'S':
        return two(time.getSeconds());
      case '%':
        return '%';
      default:
        return original;
    }
  });
}

/** Further lines of a message are indented, so that nobody can write lines that look like others. */
function oneRecord(message: string): string {
  return message.replace(/\r\n|[\r\n]/g, '\n\t').replace(/\n\t\t/g, '\n\t');
}
