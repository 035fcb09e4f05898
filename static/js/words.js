/** The words of the scripts in the language of the page. English needs no catalogue: the words stand in the scripts. */

const { django } = globalThis;

export const gettext = django?.gettext ?? ((words) => words);
export const ngettext = django?.ngettext ?? ((one, several, count) => (count === 1 ? one : several));

/** Fill the places of a sentence: {name}. */
export const fill = (sentence, values) => sentence.replace(/\{(\w+)\}/g, (place, name) => values[name] ?? place);
