# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Packages of a suite of Debian's, downloaded and unpacked, never installed; for scripts
# that have set
#
#	suite	its name; may be one of backports
#	tmp	a scratch directory
#	what	what begins their messages
#	types	optional: deb-src for sources
#
# apt's lists for it come from $DBGPORT_MIRROR (http://deb.debian.org), and it checks
# signatures and checksums.  Needs no privilege.
# shellcheck disable=SC2154 # suite, tmp, what

base=${suite%-backports}
mirror=${DBGPORT_MIRROR:-http://deb.debian.org}
keyring=/usr/share/keyrings/debian-archive-keyring.gpg

# Only a name for apt's own sandbox: nothing is run as that user.
sandbox=(-o APT::Sandbox::User=root)

# apt as it would be on a machine of that suite with nothing installed.
own_apt=(
	"${sandbox[@]}"
	-o "Dir::State=$tmp/apt"
	-o "Dir::State::status=$tmp/apt/status"
	-o "Dir::Cache=$tmp/apt"
	-o "Dir::Etc::SourceList=$tmp/apt/debian.sources"
	-o Dir::Etc::SourceParts=/dev/null
	-o Dir::Etc::Preferences=/dev/null
	-o Dir::Etc::PreferencesParts=/dev/null
	-o APT::Architecture=amd64
	-o APT::Install-Recommends=no
)
# Backports are only taken on demand.
[[ $suite == "$base" ]] || own_apt+=(-o "APT::Default-Release=$suite")

die()
{
	echo "$what: $1" >&2
	exit 1
}

# A mirror of sid can be behind for longer than its Release file is good for.
source_stanza()
{
	cat <<-EOF
		Types: ${types-deb}
		URIs: $mirror/$1
		Suites: $2
		Components: main
		Signed-By: $keyring
		Check-Valid-Until: no

	EOF
}

get_own_lists()
{
	[[ ! -e $tmp/apt ]] || return 0
	[[ -e $keyring ]] || die "no $keyring: the package debian-archive-keyring has it"
	echo "$what: asking $mirror for Debian $suite" >&2
	mkdir -p "$tmp"/apt/{lists,archives}/partial
	: >"$tmp/apt/status"
	source_stanza debian "$suite" >"$tmp/apt/debian.sources"
	[[ $suite == "$base" ]] ||
		source_stanza debian "$base" >>"$tmp/apt/debian.sources"
	[[ $base == sid ]] ||
		source_stanza debian-security "$base-security" >>"$tmp/apt/debian.sources"
	apt-get "${own_apt[@]}" -qq --error-on=any update >&2 ||
		die "cannot get the package lists of Debian $suite from $mirror (DBGPORT_MIRROR)"
}

# unpack_source DIR PACKAGE: with Debian's patches; DIR is made.
unpack_source()
{
	local archives=$tmp/apt/archives

	get_own_lists
	(cd "$archives" && apt-get "${own_apt[@]}" -qq --download-only source "$2") >&2 ||
		die "cannot get the source of Debian $suite's $2"
	# apt has checked what the signature is for.
	dpkg-source --no-check -x "$archives/$2"_*.dsc "$1" >/dev/null ||
		die "cannot unpack the source of Debian $suite's $2"
}

# unpack TO DEB...
unpack()
{
	local deb

	# Old packages have /lib, new ones only /usr/lib.
	mkdir -p "$1"/usr/{bin,lib,lib64,sbin}
	ln -s usr/{bin,lib,lib64,sbin} "$1"
	for deb in "${@:2}"; do
		dpkg-deb --fsys-tarfile "$deb" |
			tar -x --keep-directory-symlink --no-same-owner -C "$1"
	done
}

# unpack_all DIR PACKAGE...: these and what they need, from the suite's own lists.
unpack_all()
{
	get_own_lists
	apt-get "${own_apt[@]}" -qq --yes --download-only install "${@:2}" >&2 ||
		die "cannot get ${*:2} of Debian $suite"
	unpack "$1" "$tmp"/apt/archives/*.deb
}
