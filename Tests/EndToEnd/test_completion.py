"""What each shell offers when the key is pressed: the scripts of `flowctl completions` in the shells themselves, where they are installed.

    FLOWCTL=./flowctl python3 -m unittest discover -s Tests/EndToEnd -t Tests/EndToEnd -k completion
"""

import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from tool import WORKSPACE, call, command

BASH = r"""
source "$1"; shift
for line in "$@"; do
  COMP_LINE=$line; COMP_POINT=${#line}; read -r -a COMP_WORDS <<<"$line"; [[ $line == *" " ]] && COMP_WORDS+=("")
  COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); COMPREPLY=()
  _flowctl "${COMP_WORDS[0]}" "${COMP_WORDS[-1]}" "${COMP_WORDS[-2]}"
  echo "$line:" "${COMPREPLY[@]}"
done
"""

FISH = r"""
source $argv[1]
for line in $argv[2..]
  echo "$line:" (complete -C $line | string replace -r '\t.*' '')
end
"""

# Completion of zsh needs its line editor, hence a terminal. The words are typed, then tab, then a key that writes down what the line is now.
ZSH = r"""
zmodload zsh/zpty
script=$1; shift
lines=${script:h}/lines; : > $lines
zpty shell zsh -f -i
wait_for() { local part; for try in {1..200}; do while zpty -r -t shell part; do :; done
  (( $(wc -l < $lines) >= $1 )) && return; sleep 0.05; done }
zpty -w shell "fpath=(${script:h} \$fpath); autoload -U compinit; compinit -u -D; bindkey '^I' complete-word"
zpty -w shell "note() { print -r -- \"\$BUFFER\" >> $lines; BUFFER=; }; zle -N note; bindkey '^X' note; print ready >> $lines"
wait_for 1
count=1
for line in "$@"; do
  zpty -w -n shell "$line"$'\t\C-x'; wait_for $((++count))
  words=(${=$(tail -n 1 $lines)}); print -r -- "$line: $words[-1]"
done
zpty -d shell
"""


class CompletionTestCase(unittest.TestCase):
    ENDS = {"{0} train sup": "supernova", "{0} test --package NH": "NHF", "{0} completions fi": "fish", "{0} version bump NHF pa": "patch"}

    def complete(self, shell, name, program):
        if not shutil.which(shell):
            self.skipTest(f"no {shell} here")
        with tempfile.TemporaryDirectory() as folder:
            script = Path(folder) / name
            script.write_text(call(command("completions", shell)).stdout)
            # As ./flowctl, and by a name that the shell looks up.
            lines = {line.format(tool): end for tool in ("./flowctl", "flowctl") for line, end in self.ENDS.items()}
            start = [shell, "-c", program] + ([] if shell == "fish" else [shell]) + [script, *lines]
            environment = os.environ | {"PATH": f"{Path(command()[0]).resolve().parent}:{os.environ['PATH']}", "HOME": folder}
            shown = subprocess.run(start, cwd=WORKSPACE, env=environment, capture_output=True, text=True, timeout=60)
        offered = {line: words.strip() for line, _, words in (text.partition(":") for text in shown.stdout.splitlines())}
        self.assertEqual(offered, lines, shown.stderr)

    def test_bash(self):
        self.complete("bash", "flowctl", BASH)

    def test_zsh(self):
        self.complete("zsh", "_flowctl", ZSH)

    def test_fish(self):
        self.complete("fish", "flowctl.fish", FISH)


if __name__ == "__main__":
    unittest.main()
