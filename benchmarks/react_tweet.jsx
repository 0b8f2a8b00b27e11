// Answers of X's embed service → what react-tweet makes of them, as markup.
// Bundled by side_by_side.py. JSON array on stdin → JSON array of {html} or {error} on stdout.
import { readFileSync } from "fs";
import { renderToStaticMarkup } from "react-dom/server";
import { EmbeddedTweet, TweetNotFound } from "react-tweet";

// As its own fetchTweet() tells posts from the rest.
function card(answer) {
  const isGone = answer.__typename === "TweetTombstone" || !Object.keys(answer).length;
  return isGone ? <TweetNotFound /> : <EmbeddedTweet tweet={answer} />;
}

const answers = JSON.parse(readFileSync(0, "utf8"));
process.stdout.write(JSON.stringify(answers.map((answer) => {
  try {
    return { html: renderToStaticMarkup(card(answer)) };
  } catch (error) {
    return { error: String(error) };
  }
})));
