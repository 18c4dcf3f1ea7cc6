import { en, type WebTexts } from './en.ts';

export const fr: WebTexts = { ...en };
