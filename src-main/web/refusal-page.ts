/** The page a person sees who opens the lab without its key: one sentence, no scripts, no styles. */

/** Writes a refusal for its reader: a page where the request asks for one, else the plain sentence. */
export function refusalBody(message: string, accept: string | undefined): { type: string; text: string } {
  if (!accept?.includes('text/html')) return { type: 'text/plain; charset=utf-8', text: `${message}\n` }
  const text = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width" />
    <meta name="color-scheme" content="light dark" />
    <link rel="icon" href="data:," />
    <title>Topology Lab</title>
  </head>
  <body>
    <h1>Topology Lab</h1>
    <p>${message}</p>
  </body>
</html>
`
  return { type: 'text/html; charset=utf-8', text }
}
