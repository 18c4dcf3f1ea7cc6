/** Pictures that a browser shows without running anything, by how their bytes begin, one character per byte. */
const SIGNATURES: readonly { readonly type: string; readonly fits: (begin: string) => boolean }[] = [
  { type: 'image/png', fits: (begin) => begin.startsWith('\x89PNG\r\n\x1a\n') },
  { type: 'image/jpeg', fits: (begin) => begin.startsWith('\xff\xd8\xff') },
  { type: 'image/gif', fits: (begin) => begin.startsWith('GIF87a') || begin.startsWith('GIF89a') },
  { type: 'image/webp', fits: (begin) => begin.startsWith('RIFF') && begin.startsWith('WEBP', 8) },
];

/** Whether a mailer says that this is such a picture; its bytes decide. */
export function isPictureType(type: string): boolean {
  return type === 'image/jpg' || SIGNATURES.some((one) => one.type === type);
}

/** The type of a picture that is safe to show; undefined for all else, whatever it is said to be. */
export function pictureType(bytes: Buffer): string | undefined {
  const begin = bytes.toString('latin1', 0, 12);
  return SIGNATURES.find(({ fits }) => fits(begin))?.type;
}
