import { bySeverity, cut, json, type Call, type Means, type Occasion } from './call.ts'

type Discord = Means<unknown, { readonly url: string }>

/** What means something in a text there: it is shown as written. */
const literal = (text: string): string => text.replace(/[\\*_~`|>#[\]()<@]/g, '\\$&')

/** A webhook of a channel. Nobody is mentioned, whatever a text says. */
export function discordCall({ secrets }: Discord, { notification }: Occasion): Call {
  const { title, text, severity, until } = notification
  const body = {
    username: 'Warder',
    allowed_mentions: { parse: [] },
    embeds: [
      {
        title: cut(literal(title), 250),
        description: cut(literal(text), 4_000),
        color: bySeverity(severity, { info: 0x64748b, warning: 0xd9a514, critical: 0xdc2626 }),
        timestamp: new Date(until).toISOString(),
      },
    ],
  }
  return { method: 'POST', url: secrets.url, ...json(body) }
}
