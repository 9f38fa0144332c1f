/** Without what is another one each time. */
export const steady = (text: string): string =>
  text
    .replaceAll(/ *\b[\d.]+ (ms|sec)\b/g, ' N $1')
    .replaceAll(/\bnftables \d[\d.]*\b/g, 'nftables N')
    .replaceAll(/\b\d+\.\d+\.\d+\.\d+\b/g, 'ADDRESS')
    .replaceAll(/\b(?:[0-9A-F]{2}:){2}[0-9A-F:…]+|\b(?=\w*[a-f])[0-9a-f]{6,}…?/g, 'FINGERPRINT')
    .replaceAll(/\b[A-Z2-9]{4}(-[A-Z2-9]{4}){2}\b/g, 'CODE')
    .replaceAll(/ +/g, ' ')
    .trim()
/** What a page shows, where `…` stands for anything. */
export function likeThis(output: string): RegExp {
  const parts = steady(output).split('…')
  return new RegExp(`^${parts.map((part) => part.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&')).join('[^]*')}$`)
}
