// Finding a number in texts that people have written, where it can stand in any form.

/** The digits that every way to write a number ends with, whatever stands for the country in front. */
export function ending(number: string): string {
  return number.replace(/\D/g, '').slice(-8)
}

/** SQL for a text without what people put between the digits of a number. */
export function bare(text: string): string {
  return [' ', '-', '(', ')', '.', '/', '\u00a0'].reduce((sql, one) => `replace(${sql}, '${one}', '')`, text)
}
