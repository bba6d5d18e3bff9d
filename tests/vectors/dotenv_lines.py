"""Makes `dotenv.json`: `.env` texts, and what common parsers read from each.

`dotenv_lines.py` writes it; `dotenv_lines.py --check` compares it with what is there. Both install
the parsers, at the versions below, into a temporary folder; so this is not part of `make test`.
What docker compose reads is written manually, if its documentation says it. Our own expectations
(`ours`) are written manually in the file, and are kept.
"""

import base64
import json
import pathlib
import subprocess
import sys
import tempfile
import venv

HERE = pathlib.Path(__file__).parent
FILE = HERE / "dotenv.json"
VERSIONS = {
    "python-dotenv": "1.2.4",
    "dotenv": "18.0.10",
    "node": "26.10.0",
    "next": "16.4.6",
    "dotenvy": "0.15.7",
    # Written manually, from docs.docker.com, "Set, use, and manage variables in a Compose file with
    # interpolation", section ".env file syntax"; and the reference of services, "env_file format".
    "compose": "its documentation of 2026-11",
}
NAMES = ("KLING_ACCESS_KEY", "KLING_SECRET_KEY")
HOME = "/home/me"
# The keys. Tests search every message for `canary`: no part of a secret may be shown.
K, S = "access0123456789access0123456789", "canary0123456789canary0123456789"
SECRET = f"KLING_SECRET_KEY={S}"
PLAIN = f"KLING_ACCESS_KEY={K}\n{SECRET}\n"
# For docker compose, if its documentation is explicit and both keys are as expected.
BOTH = (K, S)


def lines():
    """Yield name, line of the access key and, if compose's documentation says it, its value."""
    yield "spaces at the end", f"KLING_ACCESS_KEY={K}   ", K
    yield "a tab at the end", f"KLING_ACCESS_KEY={K}\t", ...
    yield "a no-break space at the end", f"KLING_ACCESS_KEY={K}\u00a0", ...
    yield "a zero-width space at the end", f"KLING_ACCESS_KEY={K}\u200b", ...
    yield "a vertical tab at the end", f"KLING_ACCESS_KEY={K}\v", ...
    yield "a form feed at the end", f"KLING_ACCESS_KEY={K}\f", ...
    yield "an ideographic space at the end", f"KLING_ACCESS_KEY={K}\u3000", ...
    yield "indented by spaces", f"   KLING_ACCESS_KEY={K}", ...
    yield "indented by a tab", f"\tKLING_ACCESS_KEY={K}", ...
    yield "indented by a no-break space", f"\u00a0KLING_ACCESS_KEY={K}", ...
    yield "spaces around the equals sign", f"KLING_ACCESS_KEY = {K}", K
    yield "a space before the equals sign", f"KLING_ACCESS_KEY ={K}", ...
    yield "a space after the equals sign", f"KLING_ACCESS_KEY= {K}", K
    yield "tabs around the equals sign", f"KLING_ACCESS_KEY\t=\t{K}", ...
    yield "spaces around the equals sign, in quotes", f'KLING_ACCESS_KEY = "{K}"', K
    yield "export", f"export KLING_ACCESS_KEY={K}", ...
    yield "export and several spaces", f"export   KLING_ACCESS_KEY={K}", ...
    yield "export and a tab", f"export\tKLING_ACCESS_KEY={K}", ...
    yield "export, indented", f"  export KLING_ACCESS_KEY={K}", ...
    yield "export in capitals", f"EXPORT KLING_ACCESS_KEY={K}", ...
    yield "export and spaces around the equals sign", f"export KLING_ACCESS_KEY = '{K}'", ...
    yield "set, as Windows does", f"set KLING_ACCESS_KEY={K}", ...
    yield "$env:, as PowerShell does", f'$env:KLING_ACCESS_KEY="{K}"', ...

    yield "double quotes", f'KLING_ACCESS_KEY="{K}"', K
    yield "single quotes", f"KLING_ACCESS_KEY='{K}'", K
    yield "backticks", f"KLING_ACCESS_KEY=`{K}`", ...
    yield "quotes, and spaces at the end", f'KLING_ACCESS_KEY="{K}"  ', K
    yield "spaces inside double quotes", f'KLING_ACCESS_KEY=" {K} "', ...
    yield "spaces inside single quotes", f"KLING_ACCESS_KEY=' {K} '", ...
    yield "tabs inside quotes", f'KLING_ACCESS_KEY="\t{K}\t"', ...
    yield "quotes inside quotes", f"KLING_ACCESS_KEY='\"{K}\"'", f'"{K}"'
    yield "two quotes on each side", f'KLING_ACCESS_KEY=""{K}""', ...
    yield "quotes as word processors write them", f"KLING_ACCESS_KEY=\u201c{K}\u201d", ...
    yield "an empty pair of quotes", 'KLING_ACCESS_KEY=""', ""
    yield "quotes with a comment behind", f'KLING_ACCESS_KEY="{K}" # prod', K
    yield "quotes with a comment directly behind", f'KLING_ACCESS_KEY="{K}"# prod', ...
    yield "single quotes with a comment directly behind", f"KLING_ACCESS_KEY='{K}'#prod", ...
    yield "backticks with a comment behind", f"KLING_ACCESS_KEY=`{K}` # prod", ...
    yield "text behind the closing quote", f'KLING_ACCESS_KEY="{K}" prod', ...
    yield "text directly behind the closing quote", f'KLING_ACCESS_KEY="{K}"prod', ...
    yield "a quote that is never closed", f'KLING_ACCESS_KEY="{K}', ...
    yield "a single quote that is never closed", f"KLING_ACCESS_KEY='{K}", ...
    yield "a backtick that is never closed", f"KLING_ACCESS_KEY=`{K}", ...
    yield "a quote at the end only", f'KLING_ACCESS_KEY={K}"', ...
    yield "quotes of two kinds", f"KLING_ACCESS_KEY=\"{K}'", ...
    yield "a single quote in the middle", f"KLING_ACCESS_KEY={K[:2]}'{K[2:]}", ...
    yield "double quotes in the middle", f'KLING_ACCESS_KEY={K[:2]}"{K[2:]}"', ...
    yield "a single quote inside double quotes", f'KLING_ACCESS_KEY="{K[:2]}\'{K[2:]}"', ...
    escaped = f'{K[:2]}\\"{K[2:]}'
    yield "an escaped double quote inside", f'KLING_ACCESS_KEY="{escaped}"', f'{K[:2]}"{K[2:]}'
    escaped = f"{K[:2]}\\'{K[2:]}"
    yield "an escaped single quote inside", f"KLING_ACCESS_KEY='{escaped}'", f"{K[:2]}'{K[2:]}"

    yield "\\n, unquoted", f"KLING_ACCESS_KEY={K[:6]}\\n{K[6:]}", f"{K[:6]}\\n{K[6:]}"
    yield "\\n in double quotes", f'KLING_ACCESS_KEY="{K[:6]}\\n{K[6:]}"', f"{K[:6]}\n{K[6:]}"
    yield "\\n in single quotes", f"KLING_ACCESS_KEY='{K[:6]}\\n{K[6:]}'", f"{K[:6]}\\n{K[6:]}"
    yield "\\n at the end of double quotes", f'KLING_ACCESS_KEY="{K}\\n"', f"{K}\n"
    yield "a backslash, unquoted", f"KLING_ACCESS_KEY={K[:6]}\\{K[6:]}", ...
    yield "a backslash in double quotes", f'KLING_ACCESS_KEY="{K[:6]}\\{K[6:]}"', ...
    yield "a backslash in single quotes", f"KLING_ACCESS_KEY='{K[:6]}\\{K[6:]}'", ...
    yield "two backslashes in double quotes", f'KLING_ACCESS_KEY="a\\\\{K}"', f"a\\{K}"
    yield "a backslash at the end", f"KLING_ACCESS_KEY={K}\\", ...

    yield "a comment behind", f"KLING_ACCESS_KEY={K} # prod", K
    yield "a comment behind a tab", f"KLING_ACCESS_KEY={K}\t# prod", ...
    yield "a comment directly behind", f"KLING_ACCESS_KEY={K}#prod", f"{K}#prod"
    yield "a comment directly behind, with a space", f"KLING_ACCESS_KEY={K}# prod", f"{K}# prod"
    yield "a number sign in the middle", f"KLING_ACCESS_KEY={K[:8]}#{K[8:]}", f"{K[:8]}#{K[8:]}"
    yield "a number sign inside quotes", f'KLING_ACCESS_KEY="{K} # prod"', f"{K} # prod"
    yield "a comment instead of a value", "KLING_ACCESS_KEY=# prod", ...
    yield "a comment instead of a value, after a space", "KLING_ACCESS_KEY= # prod", ...
    yield "a comment with a quote in it", f'KLING_ACCESS_KEY={K} # the "live" one', K
    yield "a slash comment behind", f"KLING_ACCESS_KEY={K} // prod", ...

    yield "an equals sign in the value", f"KLING_ACCESS_KEY={K}==", ...
    yield "two equals signs", f"KLING_ACCESS_KEY=={K}", ...
    yield "a colon and a space", f"KLING_ACCESS_KEY: {K}", K
    yield "a colon", f"KLING_ACCESS_KEY:{K}", ...
    yield "a colon with spaces on both sides", f"KLING_ACCESS_KEY : {K}", ...
    yield "a colon and quotes", f'KLING_ACCESS_KEY: "{K}"', ...
    yield "a colon and an equals sign", f"KLING_ACCESS_KEY:={K}", ...
    yield "a space instead of an equals sign", f"KLING_ACCESS_KEY {K}", ...
    yield "an arrow", f"KLING_ACCESS_KEY => {K}", ...
    yield "a name alone", "KLING_ACCESS_KEY", None
    yield "blank", "KLING_ACCESS_KEY=", ""
    yield "spaces only", "KLING_ACCESS_KEY=   ", ...
    yield "a name in quotes", f'"KLING_ACCESS_KEY"="{K}"', ...
    yield "a line of JSON", f'"KLING_ACCESS_KEY": "{K}",', ...
    yield "a semicolon behind", f"KLING_ACCESS_KEY={K};", ...
    yield "quotes and a semicolon behind", f"KLING_ACCESS_KEY='{K}' ;", ...
    yield "quotes and a semicolon directly behind", f'KLING_ACCESS_KEY="{K}";', ...
    yield "quotes and a comma behind", f'KLING_ACCESS_KEY="{K}",', ...
    yield "a space in the value", f"KLING_ACCESS_KEY={K[:6]} {K[6:]}", ...
    yield "angle brackets", f"KLING_ACCESS_KEY=<{K}>", ...
    yield "a full-width equals sign", f"KLING_ACCESS_KEY\uff1d{K}", ...

    yield "$HOME", f"KLING_ACCESS_KEY=$HOME{K}", ...
    yield "$HOME, then a slash", f"KLING_ACCESS_KEY=$HOME/{K}", f"{HOME}/{K}"
    yield "${HOME}", f"KLING_ACCESS_KEY=${{HOME}}{K}", f"{HOME}{K}"
    yield "${HOME} in double quotes", f'KLING_ACCESS_KEY="${{HOME}}{K}"', f"{HOME}{K}"
    yield "${HOME} in single quotes", f"KLING_ACCESS_KEY='${{HOME}}{K}'", f"${{HOME}}{K}"
    yield "$ in single quotes", f"KLING_ACCESS_KEY='{K[:6]}$HOME'", f"{K[:6]}$HOME"
    yield "a default for a variable", f"KLING_ACCESS_KEY=${{UNSET:-{K}}}", K
    yield "a variable that is not set", f"KLING_ACCESS_KEY={K}$UNSET", ...
    yield "a name that is not set, in the middle", f"KLING_ACCESS_KEY={K[:8]}$x{K[8:]}", ...
    yield "a dollar sign at the end", f"KLING_ACCESS_KEY={K}$", ...
    yield "two dollar signs", f"KLING_ACCESS_KEY={K[:8]}$${K[8:]}", ...
    yield "an escaped dollar sign", f"KLING_ACCESS_KEY={K[:8]}\\${K[8:]}", ...
    yield "a command", f"KLING_ACCESS_KEY=$(echo {K})", ...
    yield "an earlier variable", f"KEY={K}\nKLING_ACCESS_KEY=${{KEY}}", K
    yield "an earlier variable, without braces", f"KEY={K}\nKLING_ACCESS_KEY=$KEY", K
    yield "a later variable", f"KLING_ACCESS_KEY=${{KEY}}\nKEY={K}", ...


def files():
    """Yield name, the complete file, and what compose reads, if its documentation says it."""
    pair = f"KLING_ACCESS_KEY={K}\n{SECRET}"
    yield "no line end at the end", pair, BOTH
    yield "CR LF", PLAIN.replace("\n", "\r\n"), ...
    yield "CR LF and quotes", f'KLING_ACCESS_KEY="{K}"\r\nKLING_SECRET_KEY="{S}"\r\n', ...
    yield "CR alone", PLAIN.replace("\n", "\r"), ...
    yield "CR alone, with a comment before", "# Kling\r" + PLAIN.replace("\n", "\r"), ...
    yield "CR CR LF", PLAIN.replace("\n", "\r\r\n"), ...
    yield "line ends of several kinds", f"A=1\rKLING_ACCESS_KEY={K}\r\n\n{SECRET}\n", ...
    yield "LS as a line end", f"KLING_ACCESS_KEY={K}\u2028{SECRET}\n", ...
    yield "NEL as a line end", f"KLING_ACCESS_KEY={K}\u0085{SECRET}\n", ...
    yield "a byte order mark", "\ufeff" + PLAIN, ...
    yield "a byte order mark and a comment", "\ufeff# Kling\n" + PLAIN, ...
    yield "a byte order mark and export", "\ufeffexport " + PLAIN, ...
    yield "empty lines", f"\n\nKLING_ACCESS_KEY={K}\n\n \n\t\n{SECRET}\n\n", ...
    yield "comments before", "# Kling\n#\n" + PLAIN, BOTH
    yield "an indented comment before", "   # KLING_ACCESS_KEY=wrong\n" + PLAIN, ...
    yield "a line commented out", "#KLING_ACCESS_KEY=wrong\n" + PLAIN, BOTH
    yield "a comment with an apostrophe", "# don't share\n" + PLAIN, BOTH
    yield "an empty file", "", (None, None)
    yield "the secret key first", f"{SECRET}\nKLING_ACCESS_KEY={K}\n", BOTH
    yield "both on a line", f"KLING_ACCESS_KEY={K} {SECRET}\n", ...
    yield "export of both on a line", f"export KLING_ACCESS_KEY={K} {SECRET}\n", ...

    yield "blank before filled", "KLING_ACCESS_KEY=\n" + PLAIN, ...
    yield "filled before blank", PLAIN + "KLING_ACCESS_KEY=\n", ...
    yield "twice", "KLING_ACCESS_KEY=wrong\n" + PLAIN, ...
    yield "twice, in quotes of two kinds", "KLING_ACCESS_KEY='wrong'\n" + PLAIN, ...
    yield "a name alone before filled", "KLING_ACCESS_KEY\n" + PLAIN, ...
    yield "export of a name alone before filled", "export KLING_ACCESS_KEY\n" + PLAIN, ...
    yield "export of both names behind", PLAIN + "export KLING_ACCESS_KEY KLING_SECRET_KEY\n", ...
    yield "a name in small letters", f"kling_access_key={K}\n{SECRET}\n", (None, S)
    yield "a name with more behind", f"KLING_ACCESS_KEY_OLD={K}\n{SECRET}\n", (None, S)
    yield "a name with more before", f"MY_KLING_ACCESS_KEY={K}\n{SECRET}\n", (None, S)
    yield "a name with a hyphen before", f"MY-KLING_ACCESS_KEY={K}\n{SECRET}\n", ...
    yield "a name with a dot before", f"my.KLING_ACCESS_KEY={K}\n{SECRET}\n", ...
    yield "a name inside another value", f"NOTE=KLING_ACCESS_KEY={K}\n{SECRET}\n", (None, S)
    yield (
        "a name behind a comment sign in a value",
        f"NOTE=a #KLING_ACCESS_KEY={K}\n{SECRET}\n",
        (
            None,
            S,
        ),
    )

    pem = "-----BEGIN KEY-----\nKLING_ACCESS_KEY=wrong\n-----END KEY-----"
    for kind, quote in ("double quotes", '"'), ("single quotes", "'"), ("backticks", "`"):
        documented = BOTH if quote == "'" else ...
        yield f"a value of lines in {kind} before", f"PEM={quote}{pem}{quote}\n{PLAIN}", documented
        broken = f"KLING_ACCESS_KEY={quote}{K[:16]}\n{K[16:]}{quote}\n{SECRET}\n"
        value = (f"{K[:16]}\n{K[16:]}", S) if quote == "'" else ...
        yield f"a line break in {kind}", broken, value
        behind = f"KLING_ACCESS_KEY={quote}{K}\n{quote}\n{SECRET}\n"
        yield f"a line break at the end of {kind}", behind, (f"{K}\n", S) if quote == "'" else ...
        yield f"an unclosed quote of another before: {kind}", f"NOTE={quote}draft\n{PLAIN}", ...
        unclosed = f"NOTE={quote}draft\nKLING_ACCESS_KEY={quote}{K}{quote}\n{SECRET}\n"
        yield f"an unclosed quote of another before ours in {kind}", unclosed, ...
    yield "lines of a value without quotes before", f"PEM={pem}\n{PLAIN}", ...
    yield "a PEM of CR LF in quotes", f'PEM="{pem}"\n{PLAIN}'.replace("\n", "\r\n"), ...
    yield "an unquoted apostrophe of another before", "NOTE=don't share\n" + PLAIN, ...
    yield "quotes in quotes of another before", 'JSON={"a": "it\'s"}\n' + PLAIN, ...
    yield "a broken line before", "this is no variable\n" + PLAIN, ...
    yield "a line of another without a name before", "=value\n" + PLAIN, ...
    yield "a name that begins with a digit before", "2FA=on\n" + PLAIN, ...
    yield "a broken line between", f"KLING_ACCESS_KEY={K}\n<<<<<<< HEAD\n{SECRET}\n", ...
    yield "a broken line behind", PLAIN + 'NOTE="draft\n', ...
    yield "a section before", "[kling]\n" + PLAIN, ...
    yield "YAML's beginning before", "---\n" + PLAIN, ...
    yield "a line of 8 KiB of another before", f"LONG={'x' * 8192}\n{PLAIN}", BOTH
    yield "a list of YAML", f"- KLING_ACCESS_KEY={K}\n- {SECRET}\n", ...
    yield "a shell's script", f"#!/bin/sh\nset -a\nKLING_ACCESS_KEY={K}\n{SECRET}\nset +a\n", ...

    # The same for the secret key: messages about its line must not show it.
    yield "the secret key: spaces at the end", PLAIN[:-1] + "  \n", BOTH
    yield "the secret key: a comment directly behind", PLAIN[:-1] + "#prod\n", (K, f"{S}#prod")
    yield "the secret key: unclosed", f'KLING_ACCESS_KEY={K}\nKLING_SECRET_KEY="{S}\n', ...
    yield "the secret key: text behind quotes", PLAIN.replace(S, f'"{S}" prod'), ...
    yield "the secret key: text directly behind quotes", PLAIN.replace(S, f'"{S}"prod'), ...
    yield "the secret key: a colon", PLAIN.replace("SECRET_KEY=", "SECRET_KEY: "), BOTH
    yield "the secret key: a space", PLAIN.replace("SECRET_KEY=", "SECRET_KEY "), ...
    yield "the secret key: a space inside", PLAIN.replace(S, f"{S[:6]} {S[6:]}"), ...
    yield "the secret key: a quote in the middle", PLAIN.replace(S, f"{S[:6]}'{S[6:]}"), ...
    yield "the secret key: $ in the middle", PLAIN.replace(S, f"{S[:6]}$HOME{S[6:]}"), ...
    yield "the secret key: a line break in quotes", PLAIN.replace(S, f'"{S[:16]}\n{S[16:]}"'), ...
    yield "the secret key: blank", PLAIN.replace(S, ""), (K, "")
    yield "the secret key: missing", f"KLING_ACCESS_KEY={K}\n", (K, None)


def encoded():
    """Yield name and bytes of each file that is not UTF-8."""
    yield "UTF-16, little endian, with its mark", b"\xff\xfe" + PLAIN.encode("utf-16-le")
    yield "UTF-16, big endian, with its mark", b"\xfe\xff" + PLAIN.encode("utf-16-be")
    yield "UTF-16 with CR LF", b"\xff\xfe" + PLAIN.replace("\n", "\r\n").encode("utf-16-le")
    yield "UTF-16 without a mark", PLAIN.encode("utf-16-le")
    yield "Latin-1 in a comment", "# Schlüssel\n".encode("latin-1") + PLAIN.encode()
    yield "Latin-1 in another value", "NOTE=Schlüssel\n".encode("latin-1") + PLAIN.encode()
    yield "Latin-1 in the access key", f"KLING_ACCESS_KEY=ü{K}\n{SECRET}\n".encode("latin-1")


def cases():
    """Yield name, bytes and compose's values of each case."""
    yield "both keys", PLAIN.encode(), BOTH
    for name, line, value in lines():
        values = value if value is ... else (value, S)
        yield name, f"{line}\n{SECRET}\n".encode(), values
    for name, text, values in files():
        yield name, text.encode(), values
    for name, content in encoded():
        yield name, content, ...


READ_BY_PYTHON = """
import json, sys, dotenv
names = sys.argv[1].split(",")
def read(path):
    try:
        values = dotenv.dotenv_values(path)
    except ValueError:
        return {"error": True}
    return {name: values.get(name) for name in names}
print(json.dumps([read(path) for path in sys.argv[2:]]))
"""

READ_BY_NODE = """
const [reader, names, ...paths] = process.argv.slice(2);
const fs = require("node:fs");
const log = { info() {}, error() {} };
const readers = {
  dotenv: (path) => require("dotenv").parse(fs.readFileSync(path)),
  node: (path) => require("node:util").parseEnv(fs.readFileSync(path, "utf8")),
  next: (path) => {
    const next = require("@next/env");
    const folder = require("node:path").dirname(path);
    return next.loadEnvConfig(folder, false, log, true).combinedEnv;
  },
};
const read = (path) => {
  let values;
  try {
    values = readers[reader](path);
  } catch {
    return { error: true };
  }
  return Object.fromEntries(names.split(",").map((name) => [name, values[name] ?? null]));
};
console.log(JSON.stringify(paths.map(read)));
"""

READ_BY_RUST = """
fn main() {
    let mut arguments = std::env::args().skip(1);
    let names = arguments.next().unwrap();
    let rows: Vec<serde_json::Value> = arguments.map(|path| read(&names, &path)).collect();
    println!("{}", serde_json::Value::Array(rows));
}

fn read(names: &str, path: &str) -> serde_json::Value {
    let mut values = std::collections::HashMap::new();
    for line in dotenvy::from_path_iter(path).unwrap() {
        let Ok((name, value)) = line else {
            return serde_json::json!({ "error": true });
        };
        values.entry(name).or_insert(value); // as dotenvy sets them: the first stays
    }
    names.split(',').map(|name| (name.to_owned(), serde_json::json!(values.get(name)))).collect()
}
"""


def install(folder):
    """Install the parsers; return the command of each, by its name."""
    venv.create(folder / "python", with_pip=True)
    python = folder / "python/bin/python"
    run(python, "-m", "pip", "install", "-q", f"python-dotenv=={VERSIONS['python-dotenv']}")
    (folder / "read.py").write_text(READ_BY_PYTHON, "utf-8")

    packages = {"dotenv": "dotenv", "node": "node", "next": "@next/env"}
    wanted = [f"{package}@{VERSIONS[name]}" for name, package in packages.items()]
    run("npm", "install", "--silent", "--prefix", folder, *wanted)
    (folder / "read.cjs").write_text(READ_BY_NODE, "utf-8")
    node = folder / "node_modules/node/bin/node"

    rust = folder / "rust"
    run("cargo", "init", "-q", "--name", "read", "--vcs", "none", rust)
    run("cargo", "add", "-q", f"dotenvy@={VERSIONS['dotenvy']}", "serde_json", cwd=rust)
    (rust / "src/main.rs").write_text(READ_BY_RUST, "utf-8")
    run("cargo", "build", "-q", "--target-dir", rust / "target", cwd=rust)

    return {
        "python-dotenv": [python, folder / "read.py"],
        **{name: [node, folder / "read.cjs", name] for name in packages},
        "dotenvy": [rust / "target/debug/read"],
    }


def run(*command, **options):
    # python-dotenv prints skipped lines to standard error, which is not a failure.
    command = list(map(str, command))
    done = subprocess.run(command, capture_output=True, **options)  # noqa: S603 - our own
    if done.returncode != 0:
        sys.exit(f"{command[0]} failed:\n{done.stderr.decode()}")
    return done.stdout


def rows(ours):
    """Read every case with every parser."""
    made = list(cases())
    names = [name for name, _, _ in made]
    assert len(names) == len(set(names)), "each name stands once"
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        paths = []
        for number, (_, content, _) in enumerate(made):
            path = folder / "cases" / str(number) / ".env"
            path.parent.mkdir(parents=True)
            path.write_bytes(content)
            paths.append(path)
        read = {}
        for reader, command in install(folder).items():
            # @next/env changes its environment, so each case has a process.
            shares = [[path] for path in paths] if reader == "next" else [paths]
            answers = []
            for share in shares:
                said = run(*command, ",".join(NAMES), *share, env={"HOME": HOME})
                answers += json.loads(said)
            read[reader] = answers
    return [row(case, ours, read, index) for index, case in enumerate(made)]


def row(case, ours, read, index):
    name, content, compose = case
    made = {"name": name}
    if index == 0:
        made["versions"] = VERSIONS
    try:
        made["text"] = content.decode()
    except UnicodeDecodeError:
        made["base64"] = base64.b64encode(content).decode()
    made.update({reader: answers[index] for reader, answers in read.items()})
    if compose is not ...:
        made["compose"] = dict(zip(NAMES, compose))
    if name in ours:
        made["ours"] = ours[name]
    return made


def main():
    before = FILE.read_text("utf-8") if FILE.exists() else "[]"
    ours = {old["name"]: old["ours"] for old in json.loads(before) if "ours" in old}
    made = rows(ours)
    gone = ours.keys() - {new["name"] for new in made}
    if gone:
        sys.exit(f"dotenv.json has expectations of cases that are no more: {sorted(gone)}")
    text = "[\n " + ",\n ".join(map(json.dumps, made)) + "\n]\n"
    if "--check" not in sys.argv:
        FILE.write_text(text, "utf-8")
    elif text != before:
        sys.exit("the parsers read other values than dotenv.json holds")
    print(f"dotenv.json: {len(made)} texts, read by {len(VERSIONS) - 1} parsers")


if __name__ == "__main__":
    main()
