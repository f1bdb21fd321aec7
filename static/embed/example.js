// Which number first, in a browser of any site. Ask again every half minute: the browser sends the
// ETag by itself, and an answer that has not changed costs nothing.
const answer = await fetch("HOST/api/v1/advice?need=police-emergency&area=leicestershire");
const told = await answer.json();
if (!answer.ok) throw new Error(`${told.what} (${told.where}). ${told.what_to_do}`);
if (told.unchecked_since) console.log("Not checked since " + told.unchecked_since);
console.log(told.first.label.en, told.first.number);
