import { bySeverity, cut, json, type Call, type Means, type Occasion } from './call.ts'

type Ntfy = Means<
  { readonly server: string; readonly topic: string },
  { readonly token?: string | undefined }
>

/** https://docs.ntfy.sh/publish/ : JSON to the server's root, so that titles may have any letter. */
export function ntfyCall({ settings, secrets }: Ntfy, { notification }: Occasion): Call {
  const { title, text, severity } = notification
  const body = {
    topic: settings.topic,
    title: cut(title, 250),
    message: cut(text, 3_500),
    priority: bySeverity(severity, { info: 3, warning: 4, critical: 5 }),
    tags: [bySeverity(severity, { info: 'shield', warning: 'warning', critical: 'rotating_light' })],
  }
  const headers = secrets.token === undefined ? {} : { authorization: `Bearer ${secrets.token}` }
  return { method: 'POST', url: `${settings.server}/`, ...json(body, headers) }
}
