/** What a client asks of the host that it is connected to, and the person's settings. */
import { LabError } from '#contract/errors.ts'
import type { HostInfo, LabCheck } from '#contract/host.ts'
import type { HostServices } from '#lab/hosts/services.ts'
import type { Implementer } from '#lab/procedures/implementer.ts'
import type { SettingQueries } from '#lab/store/settings.ts'
import type { Events } from '#lab/streams/events.ts'

export interface HostServed {
  readonly info: () => HostInfo
  readonly check: (mends: boolean) => Promise<LabCheck>
  readonly events: Events
  readonly settings: SettingQueries
  readonly services: Pick<HostServices, 'reserveDownload'>
}

export function hostProcedures({ host }: Implementer, { info, events, settings, services, check }: HostServed) {
  return {
    info: host.info.handler(info),
    check: host.check.handler(() => check(false)),
    mend: host.mend.handler(() => check(true)),
    events: host.events.handler(({ signal }) => events.follow(signal)),
    reserveDownload: host.reserveDownload.handler(({ input }) => {
      if (services.reserveDownload) return services.reserveDownload(input.name)
      throw new LabError('conflict', 'This host sends no files: give the path where the file is to be written.')
    }),
    settings: {
      get: host.settings.get.handler(() => settings.all()),
      set: host.settings.set.handler(({ input }) => settings.set(input.name, input.value))
    }
  }
}
