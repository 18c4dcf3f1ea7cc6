export { charsetsBeforeUtf8 } from './charsets.ts';
export { languageChain, languageOrDefault } from './languages.ts';
export {
  type MessageKey,
  type Say,
  sayInEnglish,
  speak,
} from './messages/index.ts';
export { translateReason } from './reasons.ts';
