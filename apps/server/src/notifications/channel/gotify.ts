import { bySeverity, cut, json, type Call, type Means, type Occasion } from './call.ts'

type Gotify = Means<{ readonly server: string }, { readonly token: string }>

/** https://gotify.net/docs/pushmsg : an application's token, and plain text unless said otherwise. */
export function gotifyCall({ settings, secrets }: Gotify, { notification }: Occasion): Call {
  const { title, text, severity } = notification
  const body = {
    title: cut(title, 250),
    message: cut(text === '' ? title : text, 4_000),
    priority: bySeverity(severity, { info: 4, warning: 6, critical: 9 }),
  }
  return {
    method: 'POST',
    url: `${settings.server}/message`,
    ...json(body, { 'x-gotify-key': secrets.token }),
  }
}
