/** XML as a stream of its elements and texts. Entities beyond the five of XML are refused, so that nothing unfolds. */
import type { Readable } from 'node:stream'
import { SaxesParser } from 'saxes'

export interface XmlHandlers {
  readonly onOpen: (name: string, attributes: Readonly<Record<string, string>>) => void
  readonly onText?: (text: string) => void
  /** May ask for the rest to be left unread. */
  readonly onClose: (name: string) => 'enough' | void
}

/** Reads XML to its end. Errors: those of the stream, and where it is not well-formed. */
export async function readXml(stream: Readable, { onOpen, onText, onClose }: XmlHandlers): Promise<void> {
  const parser = new SaxesParser()
  let isEnough = false
  parser.on('error', (error) => {
    throw error
  })
  parser.on('opentag', ({ name, attributes }) => onOpen(name, attributes))
  parser.on('text', (text) => onText?.(text))
  parser.on('cdata', (text) => onText?.(text))
  parser.on('closetag', ({ name }) => {
    if (onClose(name) === 'enough') isEnough = true
  })
  stream.setEncoding('utf8')
  for await (const piece of stream as AsyncIterable<string>) {
    parser.write(piece)
    if (isEnough) return
  }
  parser.close()
}
