/** Where a file of the lab's goes: to a place chosen in the system's dialog, or through the page's own download. */
import { downloadPath } from '#contract/web-host.ts'
import type { LabClient } from '#renderer/lab/client.ts'

export interface FileTarget {
  /** Where the lab writes it. */
  readonly path: string
  /** Hands the written file to the person, where it is not at its place already. */
  readonly deliver: () => void
  /** Where it went, in words. */
  readonly where: string
}

/** Asks for the place of a file of this name; null where the person cancels. */
export async function chooseTarget(client: Pick<LabClient, 'host'>, name: string): Promise<FileTarget | null> {
  if (window.topologyLab) {
    const path = await window.topologyLab.chooseTarget(name)
    return path === null ? null : { path, deliver: () => undefined, where: path }
  }
  const { downloadId, path } = await client.host.reserveDownload({ name })
  return {
    path,
    deliver: () => {
      const link = document.createElement('a')
      link.href = `${downloadPath}?id=${encodeURIComponent(downloadId)}`
      link.download = name
      link.click()
    },
    where: `${name}, in the downloads of your browser`
  }
}
