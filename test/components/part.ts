/** Parts of the window, each by itself in a browser: mounted over a lab that answers what the test says. */
import '#renderer/theme/tokens.css'
import '#renderer/theme/base.css'
import { type Component, flushSync, mount, unmount } from 'svelte'
import { page } from 'vitest/browser'
import { App } from '#renderer/state/app.svelte.ts'
import { ConnectionState } from '#renderer/state/connection.svelte.ts'
import Harness from '#test/components/Harness.svelte'
import { type Calls, clientOf } from '#test/unit/renderer/state/app.ts'

let mounted: Record<string, unknown> | null = null

/** Takes the part off the page, as going to another screen does. */
export async function leave(): Promise<void> {
  if (mounted) await unmount(mounted)
  mounted = null
}

/** The state of an app on this page, over a lab that answers these calls. */
export function appOver(calls: Calls = {}): App {
  return new App(clientOf(calls), new ConnectionState(), window)
}

/** Puts a part on the page, in a box of this size, and returns what finds things in it. */
export function show<Props extends Record<string, unknown>>(
  part: Component<Props>,
  props: NoInfer<Props>,
  { app = appOver(), width = 640, height = 480 } = {}
): typeof page {
  mounted = mount(Harness as Component<Record<string, unknown>>, {
    target: document.body,
    props: { app, part, props, width, height }
  })
  flushSync()
  return page
}

/** The SVG of a chart as it is kept: without the names that a build gives to classes, and with two digits. */
export function svgOf(element: Element): string {
  const copy = element.cloneNode(true) as Element
  for (const one of [copy, ...copy.querySelectorAll('*')]) {
    const classes = (one.getAttribute('class') ?? '').split(/\s+/).filter((name) => name && !name.startsWith('svelte-'))
    if (classes.length > 0) one.setAttribute('class', classes.join(' '))
    else one.removeAttribute('class')
  }
  return copy.outerHTML
    .replaceAll(/<!--.*?-->/gs, '')
    .replaceAll(/-?\d+\.\d{3,}/g, (digits) => `${Math.round(Number(digits) * 100) / 100}`)
    .replaceAll(/>\s+</g, '><')
    .replaceAll('><', '>\n<')
}
