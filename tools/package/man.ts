/** One page of the manual. All that it says of commands and options is what the program itself says when asked. */
export interface ManPage {
  readonly name: string
  readonly summary: string
  /** Heading → text as the program printed it (kept as it is), or words of our own. */
  readonly sections: readonly { readonly heading: string; readonly text: string; readonly printed: boolean }[]
  readonly seeAlso: readonly string[]
}

/** Text → roff that shows it as it stands. */
export const escaped = (text: string): string =>
  text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replace(/^([.'])/gm, '\\&$1')

/** A page in roff, section 8. `date` as 2026-11-28. */
export function manText(page: ManPage, { version, date }: { version: string; date: string }): string {
  const sections = page.sections.flatMap(({ heading, text, printed }) => [
    `.SH ${heading.toUpperCase()}`,
    ...(printed ? ['.nf', escaped(text.trimEnd()), '.fi'] : [escaped(text.trimEnd())]),
  ])
  return [
    `.TH ${page.name.toUpperCase().replaceAll('-', '\\-')} 8 "${date}" "Warder ${version}" "Warder"`,
    '.SH NAME',
    `${escaped(page.name)} \\- ${escaped(page.summary)}`,
    ...sections,
    '.SH SEE ALSO',
    page.seeAlso.map((name) => `.BR ${escaped(name)} (8)`).join(',\n'),
    '',
  ].join('\n')
}
