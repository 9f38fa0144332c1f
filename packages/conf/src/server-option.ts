import { Tree, type Layer } from './include.ts'
import { merge } from './merge.ts'

/** An option of fail2ban's own process (`fail2ban.conf` and what lies over it), as written; undefined: it is nowhere. */
export function serverOption(layers: readonly Layer[], option: string): string | undefined {
  const { files } = new Tree(layers).filesOf('fail2ban')
  const { sections, defaults } = merge(files)
  return (sections.get('Definition')?.options.get(option) ?? defaults.get(option))?.text
}
