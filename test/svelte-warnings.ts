/** What Svelte warns of while it runs, such as a derived value that has gone dead, is a fault of the window. */
const warn = console.warn

console.warn = (...parts: unknown[]) => {
  const text = parts.map(String).join(' ')
  if (/\[svelte\]|svelte\.dev\/e\//.test(text)) throw new Error(text)
  warn(...parts)
}
