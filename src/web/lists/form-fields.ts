import { type Hole, type Html, html } from '../html.ts';

/** A choice of a select or of radio buttons: value and text. */
export type Choice = readonly [value: string, text: string];

/** A select with its label. */
export function selectField(name: string, label: string, choices: readonly Choice[], chosen: string): Html {
  return html`<p><label for="${name}">${label}</label>
<select id="${name}" name="${name}">
${choices.map(([value, text]) => html`<option value="${value}"${value === chosen && html` selected`}>${text}</option>\n`)}</select></p>`;
}

/** Radio buttons under a question. */
export function radioField(name: string, question: string, choices: readonly Choice[], chosen: string): Html {
  return html`<fieldset>
<legend>${question}</legend>
${choices.map(
  ([value, text]) =>
    html`<label class="check"><input type="radio" name="${name}" value="${value}"${value === chosen && html` checked`}> ${text}</label>\n`,
)}</fieldset>`;
}

/** A box with its label behind it. */
export function checkField(name: string, label: Hole, isChecked: boolean, value = '1'): Html {
  return html`<label class="check"><input type="checkbox" name="${name}" value="${value}"${isChecked && html` checked`}> ${label}</label>\n`;
}
