// Finds topics without a server, for search.js, which shows the form and loads this script when somebody searches:
// the file that the form names as `data-finder` is this code, and then the list of topics in the language.
// `findTopics("words")` is {topics, isPartial}: a list of {id, title, description, …}, the best first, and whether none
// of them has all of the words.
"use strict";

window.findTopics = ((topics) => {
  const LIGATURES = { æ: "ae", œ: "oe", ø: "o", ł: "l", đ: "d", ð: "d", þ: "th", ı: "i", ß: "ss" };
  const ACCENTS = /(?<=[a-z0-9])[\u0300-\u036f]+/g;

  // As the service compares words: without case, accents on Latin letters and ligatures.
  function fold(text) {
    const plain = text.normalize("NFKD").toLowerCase().replace(/[æœøłđðþıß]/g, (letter) => LIGATURES[letter]);
    return plain.replace(ACCENTS, "").normalize("NFC");
  }

  const words = (text) => fold(text).match(/[\p{L}\p{N}][\p{L}\p{N}\p{M}]*/gu) ?? [];

  // A word that is not yet typed to its end, or has an ending that the name does not have: miscarriages.
  const fits = (word, wanted) =>
    word.startsWith(wanted) || (word.length > 3 && wanted.startsWith(word) && wanted.length - word.length < 3);

  const listed = topics.map((topic) => {
    const names = [topic.title, ...topic.names].map((name) => words(name));
    const said = [...names.flat(), ...words(topic.description), ...topic.headings.flatMap(words)];
    return { topic, names, said, text: topic.words.split(" ") };
  });

  // The lower the better: the title itself, another name, what begins with the words, what has them, and where.
  function grade({ names, said, text }, wanted) {
    const whole = wanted.join(" ");
    const written = names.map((name) => name.join(" "));
    const all = (known) => wanted.every((each) => known.some((word) => fits(word, each)));
    if (written[0] === whole) return 0;
    if (written.includes(whole)) return 1;
    if (written[0].startsWith(whole)) return 2;
    if (written.some((name) => name.startsWith(whole))) return 3;
    if (all(names[0])) return 4;
    if (all(names.flat())) return 5;
    if (all(said)) return 6;
    return all([...said, ...text]) ? 7 : null;
  }

  // How many of the words a topic has, names before texts; short words are in every text.
  function count({ said, text }, wanted) {
    const telling = wanted.filter((each) => each.length > 3);
    const having = (known) => telling.filter((each) => known.some((word) => fits(word, each))).length;
    return having([...said, ...text]) + having(said) / 100;
  }

  const best = (graded) => graded.sort((one, other) => one.grade - other.grade).map((each) => each.topic);

  return (query) => {
    const wanted = words(query);
    if (!wanted.length) return { topics: [], isPartial: false };
    const graded = listed.map((each) => ({ topic: each.topic, grade: grade(each, wanted) }));
    const found = graded.filter((each) => each.grade !== null);
    if (found.length) return { topics: best(found), isPartial: false };
    const counted = listed.map((each) => ({ topic: each.topic, grade: -count(each, wanted) }));
    return { topics: best(counted.filter((each) => each.grade < 0)), isPartial: true };
  };
})(
