// Starts `healthtopics lsp`, and lets it look at catalogues and at the JSON and TOML of a workspace.
"use strict";

const { workspace } = require("vscode");
const { LanguageClient } = require("vscode-languageclient/node");

let client;

exports.activate = async () => {
  const command = workspace.getConfiguration("healthtopics").get("command");
  const documents = ["**/*.po", "**/topics/*.json", "**/vocabulary/*.json", "**/glossary.json", "**/twins.json", "**/healthtopics.toml"];
  client = new LanguageClient(
    "healthtopics",
    "Health topics",
    { command, args: ["lsp"] },
    { documentSelector: documents.map((pattern) => ({ scheme: "file", pattern })) },
  );
  await client.start();
};

exports.deactivate = () => client?.stop();
