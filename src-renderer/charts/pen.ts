/** What charts are drawn with: a canvas's context, or one that writes SVG, so that a saved picture is the one on the screen. */

export type Pen = Pick<
  CanvasRenderingContext2D,
  | 'beginPath'
  | 'moveTo'
  | 'lineTo'
  | 'closePath'
  | 'stroke'
  | 'fill'
  | 'fillText'
  | 'strokeText'
  | 'setLineDash'
  | 'strokeStyle'
  | 'fillStyle'
  | 'lineWidth'
  | 'lineJoin'
  | 'globalAlpha'
  | 'textAlign'
  | 'font'
>

/** The one type of all that charts write. */
export const font = '12px system-ui, sans-serif'

export const fontSize = 12

const anchors: Partial<Record<CanvasTextAlign, string>> = { left: 'start', center: 'middle', right: 'end' }

/** Writes what is drawn as SVG elements. Text stands on its middle, as the charts' contexts have it. */
export class SvgPen implements Pen {
  strokeStyle = '#000'
  fillStyle = '#000'
  lineWidth = 1
  lineJoin: CanvasLineJoin = 'miter'
  globalAlpha = 1
  textAlign: CanvasTextAlign = 'left'
  font = font
  #dash: readonly number[] = []
  #path: string[] = []
  #elements: string[] = []

  beginPath(): void {
    this.#path = []
  }

  moveTo(x: number, y: number): void {
    this.#path.push(`M${round(x)} ${round(y)}`)
  }

  lineTo(x: number, y: number): void {
    this.#path.push(`L${round(x)} ${round(y)}`)
  }

  closePath(): void {
    this.#path.push('Z')
  }

  setLineDash(dash: readonly number[]): void {
    this.#dash = dash
  }

  stroke(): void {
    const dash = this.#dash.length > 0 ? ` stroke-dasharray="${this.#dash.join(' ')}"` : ''
    this.#add(`fill="none" stroke="${this.strokeStyle}" stroke-width="${this.lineWidth}"${dash}`)
  }

  fill(): void {
    this.#add(`fill="${this.fillStyle}"`)
  }

  fillText(text: string, x: number, y: number): void {
    this.#addText(text, x, y, `fill="${this.fillStyle}"`)
  }

  strokeText(text: string, x: number, y: number): void {
    const line = `stroke="${this.strokeStyle}" stroke-width="${this.lineWidth}" stroke-linejoin="${this.lineJoin}"`
    this.#addText(text, x, y, `fill="none" ${line}`)
  }

  /** Draws within a rectangle only what `draw` draws. */
  clipped(id: string, area: { left: number; top: number; right: number; bottom: number }, draw: () => void): void {
    const { left, top, right, bottom } = area
    const rectangle = `x="${left}" y="${top}" width="${right - left}" height="${bottom - top}"`
    this.#elements.push(`<clipPath id="${id}"><rect ${rectangle}/></clipPath><g clip-path="url(#${id})">`)
    draw()
    this.#elements.push('</g>')
  }

  /** The whole picture as a document of its own. */
  document(width: number, height: number, background: string, title: string): string {
    return [
      `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"`,
      ` font-family="system-ui, sans-serif" font-size="12">`,
      `<title>${escape(title)}</title><rect width="${width}" height="${height}" fill="${background}"/>`,
      ...this.#elements,
      '</svg>\n'
    ].join('')
  }

  #addText(text: string, x: number, y: number, style: string): void {
    const place = `x="${round(x)}" y="${round(y)}" text-anchor="${anchors[this.textAlign] ?? 'start'}"`
    this.#elements.push(`<text ${place} dy="0.35em" ${style}>${escape(text)}</text>`)
  }

  #add(style: string): void {
    const alpha = this.globalAlpha < 1 ? ` opacity="${round(this.globalAlpha)}"` : ''
    this.#elements.push(`<path d="${this.#path.join('')}" ${style}${alpha}/>`)
  }
}

const round = (value: number) => Math.round(value * 100) / 100

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
}
