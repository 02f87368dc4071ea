/** The four messages between preload and main; everything else goes over the port. */
export const channels = {
  connect: 'topology-lab:connect',
  port: 'topology-lab:port',
  chooseFiles: 'topology-lab:choose-files',
  chooseTarget: 'topology-lab:choose-target'
} as const
