export { languageChain, languageOrDefault } from './languages.ts';
export {
  type MessageKey,
  type MessageValues,
  type Say,
  sayInEnglish,
  speak,
  type Translation,
  translatedLanguages,
} from './messages/index.ts';
export { translateReason } from './reasons.ts';
