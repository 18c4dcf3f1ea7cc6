import { en, type WebTexts } from './en.ts';

export const ja: WebTexts = { ...en };
