import { cut, json, whole, type Call, type Means, type Occasion } from './call.ts'

type Telegram = Means<{ readonly server: string; readonly chat: string }, { readonly token: string }>

/** https://core.telegram.org/bots/api#sendmessage : without a parse mode the text is taken as it is. */
export function telegramCall({ settings, secrets }: Telegram, { notification }: Occasion): Call {
  const body = {
    chat_id: settings.chat,
    text: cut(whole(notification), 4_000),
    link_preview_options: { is_disabled: true },
    disable_notification: notification.severity === 'info',
  }
  return { method: 'POST', url: `${settings.server}/bot${secrets.token}/sendMessage`, ...json(body) }
}
