/**
 * What a command says, and where: results on stdout, progress and sentences on stderr.
 * With --json stdout gets exactly one document; --quiet leaves out what is not the result.
 */
import type { Writable } from 'node:stream'

export interface Terminal {
  readonly stdout: Writable
  readonly stderr: Writable & { readonly isTTY?: boolean; readonly columns?: number }
}

export interface OutputOptions {
  readonly json: boolean
  readonly quiet: boolean
}

export interface Output {
  /** Prints the result of the command: the document with --json, else the text. */
  result(document: unknown, text: () => string): void
  /** Says something in passing, on stderr; not with --quiet. */
  say(sentence: string): void
  /** Says why the command failed, on stderr, always. */
  fail(sentence: string): void
  /** Draws or redraws the progress line where stderr is a terminal. `fraction` null: it can't be told. */
  progress(fraction: number | null, text: string): void
}

const barWidth = 24
const clearLine = '\r\u001b[K'

/** Makes the output of one command. */
export function createOutput({ stdout, stderr }: Terminal, { json, quiet }: OutputOptions): Output {
  const showsProgress = Boolean(stderr.isTTY) && !quiet
  let isLineDrawn = false
  /** The space that keeps sign and number together in a window is a plain one here, so that they can be searched for. */
  const write = (stream: Writable, text: string) => stream.write(visible(text.replaceAll('\u00a0%', ' %')))
  const finishLine = () => {
    if (isLineDrawn) stderr.write(clearLine)
    isLineDrawn = false
  }
  return {
    result(document, text) {
      finishLine()
      write(stdout, json ? `${JSON.stringify(document, finiteOrNull)}\n` : `${text()}\n`)
    },
    say(sentence) {
      finishLine()
      if (!quiet) write(stderr, `${sentence}\n`)
    },
    fail(sentence) {
      finishLine()
      write(stderr, `${sentence}\n`)
    },
    progress(fraction, text) {
      if (!showsProgress) return
      const filled = fraction === null ? 0 : Math.round(Math.min(1, Math.max(0, fraction)) * barWidth)
      const bar = fraction === null ? '' : `[${'#'.repeat(filled)}${'.'.repeat(barWidth - filled)}] `
      stderr.write(`${clearLine}${visible(`${bar}${text}`).slice(0, (stderr.columns ?? 80) - 1)}`)
      isLineDrawn = true
    }
  }
}

/**
 * Other people's names may hold signs that steer a terminal, or turn the direction of what follows: they are shown as what
 * they are and steer nothing.
 */
function visible(text: string): string {
  // eslint-disable-next-line no-control-regex -- These are the signs that are looked for.
  return text.replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, (sign) => {
    return `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`
  })
}

/** JSON has no NaN and no infinities: they become null here rather than by accident. */
function finiteOrNull(_key: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isFinite(value) ? null : value
}
