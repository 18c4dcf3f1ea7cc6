import { epochFromUtc, type UtcTime } from '../../model/time.ts';
import { type Html, html } from '../html.ts';
import type { Speaker } from '../texts/index.ts';

/** A moment as people read it, and as programs do. @param time milliseconds since 1970 */
export function timeTag(time: number, say: Speaker): Html {
  return html`<time datetime="${isoTime(time)}">${say.moment(time)}</time>`;
}

/** The same to the day. */
export function dayTag(time: number, say: Speaker): Html {
  return html`<time datetime="${isoTime(time)}">${say.day(time)}</time>`;
}

/** RFC 3339, to the second. */
export function isoTime(time: number): string {
  return `${new Date(time).toISOString().slice(0, 19)}Z`;
}

/** `2024/03/`, as HyperKitty has months in addresses. */
export function monthPath(year: number, month: number): string {
  return `${String(year).padStart(4, '0')}/${String(month).padStart(2, '0')}/`;
}

/** Milliseconds since 1970. */
export function millisecondsOf(time: UtcTime): number {
  return epochFromUtc(time) * 1000;
}
