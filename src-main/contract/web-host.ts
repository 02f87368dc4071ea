/** The paths of the web host beside its files, for the page and for a CLI that joins it. */
import { z } from 'zod'

/** The WebSocket that speaks oRPC. */
export const rpcPath = '/rpc'

/** Takes one file as the body of a POST; the query parameter `name` is its name. */
export const uploadPath = '/upload'

/** Gives the file that the lab wrote under the query parameter `id`, once it is there. */
export const downloadPath = '/download'

/** The answer to an upload: the id to import it by, or a sentence why it was refused (status 4xx or 5xx). */
export const uploadAnswer = z.union([z.object({ uploadId: z.string() }), z.object({ message: z.string() })])

export type UploadAnswer = z.infer<typeof uploadAnswer>
