/** A chart drawn as SVG on its way into a file: as SVG with its styles written in, or as a PNG of it. */

/** The properties that styles give to what charts are made of. */
const styled = [
  'fill',
  'fill-opacity',
  'stroke',
  'stroke-width',
  'stroke-dasharray',
  'stroke-linecap',
  'stroke-linejoin',
  'stroke-opacity',
  'opacity',
  'font-family',
  'font-size',
  'font-weight',
  'text-anchor',
  'dominant-baseline',
  'paint-order'
]

/** Writes an SVG element, which has a view box, as a file that needs no style sheet, on the page's own surface. */
export function toSvgFile(chart: SVGSVGElement): Blob {
  const copy = chart.cloneNode(true) as SVGSVGElement
  const originals = [chart, ...chart.querySelectorAll('*')]
  ;[copy, ...copy.querySelectorAll('*')].forEach((element, index) => {
    const original = originals[index]
    if (!original) return
    const style = getComputedStyle(original)
    for (const property of styled) element.setAttribute(property, style.getPropertyValue(property))
    element.removeAttribute('class')
  })
  const { width, height } = chart.viewBox.baseVal
  copy.setAttribute('width', `${width}`)
  copy.setAttribute('height', `${height}`)
  const ground = document.createElementNS('http://www.w3.org/2000/svg', 'rect')
  ground.setAttribute('width', `${width}`)
  ground.setAttribute('height', `${height}`)
  ground.setAttribute('fill', getComputedStyle(document.documentElement).getPropertyValue('--surface').trim())
  copy.prepend(ground)
  return new Blob([new XMLSerializer().serializeToString(copy)], { type: 'image/svg+xml' })
}

/** Draws an SVG element at twice its size, sharp enough for print; null where the browser can't. */
export async function toPngFile(chart: SVGSVGElement): Promise<Blob | null> {
  const { width, height } = chart.viewBox.baseVal
  const address = URL.createObjectURL(toSvgFile(chart))
  try {
    const image = new Image()
    image.src = address
    await image.decode()
    const canvas = Object.assign(document.createElement('canvas'), { width: 2 * width, height: 2 * height })
    canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height)
    return await new Promise((resolve) => canvas.toBlob(resolve))
  } finally {
    URL.revokeObjectURL(address)
  }
}
