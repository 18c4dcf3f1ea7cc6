import { en, type WebTexts } from './en.ts';

export const de: WebTexts = { ...en };
