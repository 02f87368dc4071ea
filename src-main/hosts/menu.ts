/** The menu of a window of its own: the system's own entries, nothing of the lab that the page does not have. */
export function menuFor(platform: NodeJS.Platform) {
  const roles = ['fileMenu', 'editMenu', 'viewMenu', 'windowMenu'] as const
  const common = roles.map((role) => ({ role }))
  return platform === 'darwin' ? [{ role: 'appMenu' } as const, ...common] : common
}
