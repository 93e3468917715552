/** Splits text into the words that the search of the site looks for; Chinese into pairs of characters. */
export function tokenize(text: string): string[];
