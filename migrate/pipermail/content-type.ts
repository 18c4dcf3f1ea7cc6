/** By the end of a file's name, as web servers guess it. Mailman gives `.obj` and `.bin` where it knows no better. */
const TYPES: ReadonlyMap<string, string> = new Map([
  ['asc', 'application/pgp-signature'],
  ['bmp', 'image/bmp'],
  ['css', 'text/css'],
  ['csv', 'text/csv'],
  ['diff', 'text/plain'],
  ['doc', 'application/msword'],
  ['docx', 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'],
  ['eml', 'message/rfc822'],
  ['gif', 'image/gif'],
  ['gz', 'application/gzip'],
  ['htm', 'text/html'],
  ['html', 'text/html'],
  ['ics', 'text/calendar'],
  ['jpe', 'image/jpeg'],
  ['jpeg', 'image/jpeg'],
  ['jpg', 'image/jpeg'],
  ['ksh', 'text/plain'],
  ['mht', 'message/rfc822'],
  ['mp3', 'audio/mpeg'],
  ['patch', 'text/plain'],
  ['pdf', 'application/pdf'],
  ['pl', 'text/plain'],
  ['png', 'image/png'],
  ['ppt', 'application/vnd.ms-powerpoint'],
  ['ps', 'application/postscript'],
  ['py', 'text/plain'],
  ['rtf', 'application/rtf'],
  ['sig', 'application/pgp-signature'],
  ['svg', 'image/svg+xml'],
  ['tif', 'image/tiff'],
  ['tiff', 'image/tiff'],
  ['txt', 'text/plain'],
  ['vcf', 'text/vcard'],
  ['wav', 'audio/wav'],
  ['webp', 'image/webp'],
  ['xls', 'application/vnd.ms-excel'],
  ['xml', 'application/xml'],
  ['zip', 'application/zip'],
]);

/** The media type of a file of this name, lower case. */
export function contentTypeOf(path: string): string {
  const end = path.slice(path.lastIndexOf('.') + 1).toLowerCase();
  return TYPES.get(end) ?? 'application/octet-stream';
}
