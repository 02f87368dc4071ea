/** The two globals that both ends of every transport have; the contract is checked without the types of either. */
declare class TextDecoder {
  decode(bytes: Uint8Array): string
}
declare function atob(data: string): string
