"""Debian packages for i386, fetched by apt without touching this system.

A private apt tree in the user's cache folder holds lists and packages; the
mirror is the one that this machine is set up with. Nothing is installed and
no root is needed: apt resolves and checks signatures, and what it fetched is
checked once more against the signed lists before it is used.
"""
import fcntl
import glob
import hashlib
import os
import re
import subprocess

RELEASE = "bookworm"
KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"
USUAL = (("http://deb.debian.org/debian", RELEASE),
         ("http://deb.debian.org/debian", RELEASE + "-updates"),
         ("http://deb.debian.org/debian-security", RELEASE + "-security"))

CONFIGURATION = """\
Dir::Etc::sourcelist "{tree}/sources.list";
Dir::Etc::sourceparts "-";
Dir::State "{tree}";
Dir::State::status "{tree}/status";
Dir::Cache "{tree}/cache";
APT::Architecture "i386";
#clear APT::Architectures;
APT::Architectures {{ "i386"; }};
APT::Sandbox::User "";
APT::Install-Recommends "false";
APT::Default-Release "";
Acquire::Languages "none";
Acquire::Retries "3";
Debug::NoLocking "true";
"""


class PackageError(Exception):
    """A package cannot be had; the text says which and why."""


class Package:
    """One fetched package: `path` is its .deb file."""

    def __init__(self, name, version, architecture, folder):
        self.name = name
        self.version = version
        self.architecture = architecture
        self.path = os.path.join(folder, "_".join(
            (name, version.replace(":", "%3a"), architecture)) + ".deb")
        self.depends = ""  # Debian's field, where it was asked for
        self.sha256 = ""  # known once it is fetched and checked

    def line(self):
        return f"{self.name} {self.version} {self.architecture} {self.sha256}"


def cache_folder():
    base = os.environ.get("XDG_CACHE_HOME") or \
        os.path.join(os.path.expanduser("~"), ".cache")
    return os.path.join(base, "bulkhead")


def sources_one_line(text):
    """(address, suite) of the `deb` lines of a sources.list."""
    for line in text.splitlines():
        match = re.match(r"deb\s+(?:\[[^]]*\]\s+)?(\S+)\s+(\S+)\s+(.*)", line)
        if match and "main" in match[3].split():
            yield match[1], match[2]


def sources_stanzas(text):
    """(address, suite) of a .sources file."""
    for stanza in re.split(r"\n\s*\n", text):
        fields = {key.lower(): value.split() for key, value in re.findall(
            r"^([\w-]+):(.*(?:\n[ \t].*)*)", stanza, re.M)}
        if "deb" in fields.get("types", ()) and \
                "main" in fields.get("components", ()):
            for address in fields.get("uris", ()):
                for suite in fields.get("suites", ()):
                    yield address, suite


def sources():
    """Where this machine gets the release from; the usual place if it does
    not say."""
    found = []
    for path in ["/etc/apt/sources.list",
                 *sorted(glob.glob("/etc/apt/sources.list.d/*"))]:
        if not os.path.isfile(path):
            continue
        with open(path, encoding="utf-8", errors="replace") as file:
            text = file.read()
        read = sources_stanzas if path.endswith(".sources") \
            else sources_one_line
        found += [pair for pair in read(text) if re.fullmatch(
            RELEASE + "(-updates|-security)?", pair[1])]
    if not any(suite == RELEASE for _, suite in found):
        found += USUAL
    return list(dict.fromkeys(found))


def file_sha256(path):
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def file_write(path, text):
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


class Tree:
    """The private apt tree. One process at a time fetches."""

    def __init__(self):
        self.folder = os.path.join(cache_folder(), "apt")
        self.archives = os.path.join(self.folder, "cache", "archives")
        for name in (os.path.join(self.folder, "lists", "partial"),
                     os.path.join(self.archives, "partial")):
            os.makedirs(name, exist_ok=True)

    def configure(self):
        file_write(os.path.join(self.folder, "status"), "")
        file_write(os.path.join(self.folder, "apt.conf"),
                   CONFIGURATION.format(tree=self.folder))
        signed = f"[signed-by={KEYRING}] " if os.path.exists(KEYRING) else ""
        file_write(os.path.join(self.folder, "sources.list"), "".join(
            f"deb {signed}{address} {suite} main\n"
            for address, suite in sources()))

    def run(self, *line):
        """Returns (exit status, standard output, standard error)."""
        try:
            done = subprocess.run(
                line, capture_output=True, text=True, check=False,
                cwd=self.archives, stdin=subprocess.DEVNULL,
                env={**os.environ, "LC_ALL": "C", "APT_CONFIG":
                     os.path.join(self.folder, "apt.conf")})
        except FileNotFoundError:
            raise PackageError(f"{line[0]} is not there: images are made "
                               "from packages on Debian only") from None
        return done.returncode, done.stdout, done.stderr

    def update(self):
        """Fetch the lists. A list that fails is an error only later, when a
        package is missing for it; what apt said is kept for then."""
        return self.run("apt-get", "-q", "update")[2]

    def resolve(self, names):
        """The Packages that `names` and their dependencies are, or what apt
        said against it."""
        if not names:
            return [], ""
        status, out, errors = self.run("apt-get", "-s", "-qq", "install",
                                       *names)
        if status != 0:
            return None, errors
        return [Package(match[1], match[2], match[3], self.archives)
                for match in re.finditer(
                    r"^Inst (\S+?)(?::\S+)? \((\S+) .*\[(\w+)\]\)", out,
                    re.M)], ""

    def describe(self, names):
        """The Packages that `names` alone are, or what apt said."""
        found = []
        for name in names:
            status, out, errors = self.run("apt-cache", "show",
                                           "--no-all-versions", name)
            fields = dict(re.findall(r"^([\w-]+): (.*)$", out, re.M))
            if status != 0 or "Version" not in fields:
                return None, errors
            found.append(Package(fields["Package"], fields["Version"],
                                 fields["Architecture"], self.archives))
            found[-1].depends = fields.get("Depends", "")
        return found, ""

    def choose(self, names, alone, without):
        """What is to be fetched, or None; and what apt said against it."""
        packages, errors = self.resolve(names)
        more, said = self.describe(alone)
        if packages is None or more is None:
            return None, errors + said
        chosen = {each.name: each for each in packages + more
                  if each.name not in without}
        return sorted(chosen.values(), key=lambda each: each.name), ""

    def download(self, packages):
        """Fetch those that are not in the cache and check all of them.
        Returns what went wrong, or ""."""
        wanted = [f"{package.name}={package.version}" for package in packages]
        missing = [name for name, package in zip(wanted, packages)
                   if not os.path.exists(package.path)]
        errors = ""
        if missing:
            print(f"  apt   fetching {len(missing)} packages", flush=True)
            errors = self.run("apt-get", "-qq", "download", *missing)[2]
        _, out, _ = self.run("apt-cache", "show", *wanted)
        listed = set(re.findall(r"^SHA256: (\w{64})$", out, re.M))
        for package in packages:
            if not os.path.exists(package.path):
                return errors or f"{package.name} was not fetched"
            package.sha256 = file_sha256(package.path)
            if package.sha256 not in listed:
                os.unlink(package.path)
                return f"{package.path} was damaged; it is deleted"
        return ""

    def fetch(self, names, alone=(), without=()):
        """The Packages for `names` and all that they depend on but for those
        in `without`, and for those in `alone`: fetched and checked, in the
        order of their names. Old lists are renewed once. Raises
        PackageError."""
        with open(os.path.join(self.folder, "lock"), "wb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            self.configure()
            return self.fetch_alone(names, alone, without)

    def fetch_alone(self, names, alone, without):
        said = ""
        if not glob.glob(os.path.join(self.folder, "lists", "*_Packages")):
            said = self.update()
        for fresh in (False, True):
            packages, errors = self.choose(names, alone, without)
            if packages is not None:
                errors = self.download(packages)
                if not errors:
                    return packages
            if not fresh:
                said = self.update()
        raise PackageError("packages cannot be fetched:\n"
                           f"{said.strip()}\n{errors.strip()}")


def record(packages, path):
    """Write down what was used; says what moved on since the last time."""
    old = {}
    if os.path.exists(path):
        with open(path, encoding="utf-8") as file:
            old = dict(line.split()[:2] for line in file if line.strip())
    for package in packages:
        before = old.get(package.name, package.version)
        if before != package.version:
            print(f"  apt   {package.name} was {before}, "
                  f"is {package.version}")
    file_write(path, "".join(package.line() + "\n" for package in packages))
