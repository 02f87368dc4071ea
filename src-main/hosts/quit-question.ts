/** What a host with a window of its own asks before quitting ends training; the host shows it in its own way. */

/** The answers, in the order of the buttons. */
export const quitAnswers = { keepRunning: 0, quit: 1 } as const

/** Puts the question for so many runs that train or wait for their turn; null where there is nothing to ask. */
export function quitQuestion(active: number) {
  if (active === 0) return null
  const { keepRunning, quit } = quitAnswers
  return {
    type: 'question' as const,
    message: active === 1 ? '1 run is in training or waits for it.' : `${active} runs are in training or wait for it.`,
    detail: 'What they have learned so far is kept, and they go on at the next start.',
    buttons: ['Keep running', 'Quit and resume at the next start'],
    defaultId: quit,
    cancelId: keepRunning
  }
}
