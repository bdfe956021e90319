import { SaxesParser } from 'saxes'
import { FileError } from './file-error.ts'
import type { ByteSource } from './byte-source.ts'

/** A longer text without an element is not table data. */
const maxTextLength = 16 * 1024 * 1024

export interface XmlHandlers {
  /** @param name without its namespace prefix, which the formats read here do not need. */
  open(name: string, attributes: Readonly<Record<string, string>>, line: number): void
  close(name: string): void
  text?(text: string): void
}

/**
 * Streams XML; the consumer of the loop gets control after each piece. Entities declared by the document are not
 * expanded.
 * @throws AppError if it is not well-formed.
 */
export async function* readXml(source: ByteSource, encoding: string, handlers: XmlHandlers): AsyncGenerator<void> {
  const parser = new SaxesParser()
  let silentLength = 0
  let failure: string | undefined
  parser.on('error', (error) => {
    failure ??= error.message
  })
  parser.on('opentag', ({ name, attributes }) => {
    silentLength = 0
    handlers.open(localName(name), attributes, parser.line)
  })
  parser.on('closetag', ({ name }) => {
    silentLength = 0
    handlers.close(localName(name))
  })
  if (handlers.text !== undefined) {
    parser.on('text', (text) => handlers.text?.(text))
    parser.on('cdata', (text) => handlers.text?.(text))
  }
  const decoder = new TextDecoder(encoding)
  const write = (text: string) => {
    silentLength += text.length
    if (text !== '') parser.write(text)
    if (silentLength > maxTextLength) failure ??= `more than ${maxTextLength} characters without an element`
    if (failure !== undefined)
      throw new FileError('bad_request', 'damaged', `its XML is damaged or cut off: ${failure}`)
  }
  for await (const piece of source.pieces()) {
    write(decoder.decode(piece, { stream: true }))
    yield
  }
  write(decoder.decode())
  parser.close()
  write('')
  yield
}

function localName(name: string): string {
  const colon = name.indexOf(':')
  return colon < 0 ? name : name.slice(colon + 1)
}
