/** Work of the lab that one follows, such as a learning-rate range test: under way, done or failed. Knows no pixels. */
import { toFailure } from '#renderer/lab/failure.ts'

/** What such a stream says: how far it is, and last what came of it. */
type Item =
  | { readonly type: 'progress'; readonly done: number; readonly of: number }
  | { readonly type: 'failed'; readonly message: string }
  | { readonly type: 'done' }

type Ask<Request, Said> = (
  request: Request,
  options: { readonly signal: AbortSignal }
) => PromiseLike<AsyncIterable<Said>>

export class FollowedWork<Request, Said extends Item> {
  done = $state.raw<Extract<Said, { type: 'done' }> | null>(null)
  failure = $state<string | null>(null)
  /** From 0 to 1 while it is under way. */
  progress = $state<number | null>(null)
  #abort: AbortController | null = null
  readonly #ask: Ask<Request, Said>

  constructor(ask: Ask<Request, Said>) {
    this.#ask = ask
  }

  /** Begins anew; what is under way is cancelled. */
  async run(request: Request): Promise<void> {
    this.cancel()
    const abort = new AbortController()
    this.#abort = abort
    this.done = null
    this.failure = null
    this.progress = 0
    try {
      for await (const item of await this.#ask(request, { signal: abort.signal })) {
        if (abort.signal.aborted) return
        if (item.type === 'progress') this.progress = item.done / item.of
        else if (item.type === 'failed') this.failure = item.message
        else this.done = item as Extract<Said, { type: 'done' }>
      }
    } catch (error) {
      if (!abort.signal.aborted) this.failure = toFailure(error).message
    } finally {
      if (this.#abort === abort) this.progress = null
    }
  }

  cancel(): void {
    this.#abort?.abort()
    this.#abort = null
    this.progress = null
  }
}
