/** Tells what texts of many values are, by some of them: for a sentence on why a network does not read them. */

const kinds: readonly { readonly looksLike: RegExp; readonly are: string }[] = [
  { looksLike: /^[^\s@]+@[^\s@]+\.[a-z]{2,}$/i, are: 'e-mail addresses' },
  { looksLike: /^(https?|ftp):\/\/\S+$|^www\.\S+$/i, are: 'web addresses' },
  { looksLike: /^\d{1,3}(\.\d{1,3}){3}$|^([0-9a-f]{0,4}:){3,7}[0-9a-f]{0,4}$/i, are: 'network addresses' },
  { looksLike: /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i, are: 'identifiers (UUID)' },
  { looksLike: /^(0x)?[0-9a-f]{16,}$/i, are: 'hashes or keys' },
  { looksLike: /^\s*[[{].*[\]}]\s*$/s, are: 'nested values, such as lists or objects' },
  { looksLike: /^([a-z]:)?[\\/]?[^\s\\/]+([\\/][^\\/]+)+$/i, are: 'paths of files' },
  { looksLike: /^[^\s\\/]+\.(jpe?g|png|gif|wav|mp[34]|txt|csv|json|pdf|dcm|tiff?)$/i, are: 'names of files' },
  { looksLike: /^\+?[\d\s()/-]{7,}$/, are: 'telephone numbers' },
  { looksLike: /^[ACGTUN-]{12,}$/, are: 'sequences of letters, such as DNA' },
  { looksLike: /[,;|].*[,;|]/, are: 'lists of several values in one text' },
  { looksLike: /^(\p{Lu}[\p{L}.'-]*\s+){1,3}\p{Lu}[\p{L}.'-]*$/u, are: 'names of people or places' },
  { looksLike: /^\S+(\s+\S+){4,}/, are: 'sentences' }
]

/** What most of the texts are, in a few words; null where they are like nothing that is known. */
export function nameTexts(texts: readonly string[]): string | null {
  if (texts.length === 0) return null
  const found = kinds.find(
    ({ looksLike }) => texts.filter((text) => looksLike.test(text)).length * 5 >= texts.length * 4
  )
  return found?.are ?? null
}
