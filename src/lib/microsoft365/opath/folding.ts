import type { Truth } from './ternary';

/** Letters that stand for plain ones, and that Unicode does not take apart. */
const plainLetters: Readonly<Record<string, string>> = {
  ...{ ß: 'ss', æ: 'ae', œ: 'oe', þ: 'th', ĳ: 'ij', ŉ: 'n' },
  ...{ ø: 'o', đ: 'd', ð: 'd', ħ: 'h', ı: 'i', ł: 'l', ŧ: 't', ŋ: 'n', ĸ: 'k' },
};
const withPlainLetter = new RegExp(`[${Object.keys(plainLetters).join('')}]`, 'g');

/** No property of Exchange is as long as this: a longer text is not looked at, and nothing is known of it. */
const longestText = 10_000;

/** Katakana come to the hiragana that sound alike. */
const katakana = /[\u30a1-\u30f6]/g;
const toHiragana = 0x60;

/**
 * A text in lower case without what a comparison may look past: accents, the width of letters, the kind of kana, marks
 * that are not seen. Never longer to work out than the text is long.
 */
export function fold(text: string): string {
  return text
    .normalize('NFKD')
    .replaceAll(/[\p{M}\p{Cf}]/gu, '')
    .toLowerCase()
    .replaceAll(withPlainLetter, (letter) => plainLetters[letter] ?? letter)
    .replaceAll(katakana, (letter) => String.fromCharCode(letter.charCodeAt(0) - toHiragana));
}

/**
 * Asks a question about a text and a fixed value, both in lower case. Whether Exchange looks past accents is not
 * documented, so that the answer counts only where it is the same with them and without.
 * @param ask makes the question from the value, so that what can be prepared is prepared once.
 * @param isSettledAtDifference whether the first letter in which the two differ settles the answer.
 */
export function withAndWithoutAccents(
  value: string,
  ask: (value: string) => (text: string) => boolean,
  isSettledAtDifference = true,
): (text: string) => Truth {
  const isPlainValue = isPlain(value);
  const strict = ask(isPlainValue ? value : value.normalize('NFC'));
  const loose = isPlainValue ? strict : ask(fold(value));
  // Most texts are plain, or differ from the value long before they are not: these cost next to nothing.
  const isSure = isSettledAtDifference
    ? (text: string) => isPlainAtDifference(text, value)
    : (text: string) => isPlain(text);
  return (text) => {
    if (text.length > longestText) return undefined;
    if (isPlainValue && isSure(text)) return strict(text);
    const answer = strict(text.normalize('NFC'));
    return loose(fold(text)) === answer ? answer : undefined;
  };
}

function isPlain(text: string): boolean {
  return !/[^ -~]/.test(text);
}

/** Whether there is no accent up to where a text differs from a plain one, nor right behind. */
function isPlainAtDifference(text: string, plain: string): boolean {
  let index = 0;
  while (index < plain.length && text.charCodeAt(index) === plain.charCodeAt(index)) index++;
  // A mark belongs to the letter before it.
  return isPlain(text.slice(index, index + 2));
}
