import { PICTURE, type Ink, type Stroke } from './picture.ts'

/** On screens with more pixels too it is sharp. */
const SCALE = 2

const TOKENS: Readonly<Record<Ink, string>> = {
  paper: '--surface',
  ink: '--ink',
  weak: '--ink-3',
  line: '--line',
  failures: '--chart-failures',
  bans: '--chart-bans',
}

/** The colours of the theme that is on, as a canvas takes them. */
function inksOf(): Readonly<Record<Ink, string>> {
  const probe = document.createElement('span')
  document.body.append(probe)
  const colourOf = (token: string): string => {
    probe.style.color = `var(${token})`
    return getComputedStyle(probe).color
  }
  const inks = Object.fromEntries(Object.entries(TOKENS).map(([ink, token]) => [ink, colourOf(token)]))
  probe.remove()
  return inks as Record<Ink, string>
}

/** Draws a picture in the colours of the theme and gives it as PNG. @throws Error when the browser has no canvas */
export async function pngOf(strokes: readonly Stroke[]): Promise<Blob> {
  const canvas = document.createElement('canvas')
  canvas.width = PICTURE.width * SCALE
  canvas.height = PICTURE.height * SCALE
  const pen = canvas.getContext('2d')
  if (pen === null) throw new Error('this browser draws no pictures')
  pen.scale(SCALE, SCALE)
  const inks = inksOf()
  const family = getComputedStyle(document.body).fontFamily
  for (const stroke of strokes) {
    pen.fillStyle = inks[stroke.ink]
    if (stroke.kind === 'rect') pen.fillRect(...stroke.at)
    else {
      pen.font = `${stroke.bold ? '600 20px' : '14px'} ${family}`
      pen.textAlign = stroke.align
      pen.fillText(stroke.text, stroke.x, stroke.y)
    }
  }
  const { promise, resolve, reject } = Promise.withResolvers<Blob>()
  canvas.toBlob(
    (blob) => (blob === null ? reject(new Error('no picture came out')) : resolve(blob)),
    'image/png',
  )
  return promise
}
