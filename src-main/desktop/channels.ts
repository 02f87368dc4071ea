/** The messages between preload and main; everything else goes over the port. */
export const channels = {
  connect: 'topology-lab:connect',
  port: 'topology-lab:port',
  chooseFiles: 'topology-lab:choose-files',
  chooseTarget: 'topology-lab:choose-target',
  takeFiles: 'topology-lab:take-files',
  openedFiles: 'topology-lab:opened-files'
} as const
