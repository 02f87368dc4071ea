/** A drawn SVG as a file: its colours and type come from style sheets, so they are written into it first. */

const written = [
  'fill',
  'fill-opacity',
  'stroke',
  'stroke-width',
  'stroke-dasharray',
  'stroke-opacity',
  'opacity',
  'font-family',
  'font-size',
  'font-weight',
  'text-anchor'
] as const

/** Writes an SVG that looks the same without the page, on the page's own surface. */
export function pictureOf(svg: SVGSVGElement): Blob {
  const copy = svg.cloneNode(true) as SVGSVGElement
  const own = svg.querySelectorAll<SVGElement>('*')
  copy.querySelectorAll<SVGElement>('*').forEach((element, index) => {
    const original = own[index]
    if (original) writeStyle(original, element)
  })
  writeStyle(svg, copy)
  const { width, height } = svg.viewBox.baseVal
  const ground = document.createElementNS('http://www.w3.org/2000/svg', 'rect')
  ground.setAttribute('width', `${width}`)
  ground.setAttribute('height', `${height}`)
  ground.setAttribute('fill', getComputedStyle(document.documentElement).getPropertyValue('--surface').trim())
  copy.prepend(ground)
  copy.setAttribute('width', `${width}`)
  copy.setAttribute('height', `${height}`)
  return new Blob([new XMLSerializer().serializeToString(copy)], { type: 'image/svg+xml' })
}

/** Draws the same picture as PNG, with two dots a unit. */
export async function pixelsOf(svg: SVGSVGElement): Promise<Blob> {
  const address = URL.createObjectURL(pictureOf(svg))
  try {
    const image = new Image()
    image.src = address
    await image.decode()
    const { width, height } = svg.viewBox.baseVal
    const canvas = Object.assign(document.createElement('canvas'), { width: 2 * width, height: 2 * height })
    canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height)
    return await new Promise((resolve, reject) =>
      canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('The picture could not be drawn.'))))
    )
  } finally {
    URL.revokeObjectURL(address)
  }
}

function writeStyle(from: SVGElement, to: SVGElement): void {
  const style = getComputedStyle(from)
  for (const name of written) to.setAttribute(name, style.getPropertyValue(name))
  to.removeAttribute('class')
}
