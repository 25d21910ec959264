#!/usr/bin/env perl
# tools/setup and the scripts beside it, without installing anything: what they say and how they exit.
use strict;
use warnings;
use File::Temp qw(tempdir);
use Test::More;

my $bare = tempdir(CLEANUP => 1);       # a path with nothing but what every Debian has
for my $command (qw(sh sed awk grep head sort tr uname find id dirname env cat apt-get cp mkdir)) {
        my ($path) = grep { -x } map { "$_/$command" } split /:/, $ENV{PATH};
        symlink $path, "$bare/$command" if $path;
}

sub run {
        my (%how) = @_;
        local $ENV{PATH} = $how{path} // $ENV{PATH};
        my $said = `$how{command} 2>&1 < /dev/null`;
        return { status => $? >> 8, said => $said };
}

is run(command => 'tools/setup --help')->{status}, 0, 'setup --help is fine';
is run(command => 'tools/setup --frobnicate')->{status}, 2, 'an unknown option is wrong usage';
is run(command => 'tools/setup --dry-run -j8')->{status}, 2, 'so is an option of make';

my $nothing = run(command => 'tools/setup');
is $nothing->{status}, 0, 'nothing missing, nothing to do';
is $nothing->{said}, '', 'and nothing said';
is run(command => 'tools/setup --dry-run help')->{said}, "would run: make help\n", 'a dry run says what it would make';
like run(command => 'tools/setup help')->{said}, qr/^make test /m, 'the targets given are made';
is run(command => 'tools/setup no-such-target')->{status}, 2, "make's failure is passed on";

my $missing = run(command => 'tools/setup --dry-run demo', path => $bare);
like $missing->{said}, qr/missing here: .*\bgcc\b.*\bqemu-system-x86\b/, 'what is missing is listed';
unlike $missing->{said}, qr/missing here: .*\bclang\b/, 'what only tests need is not';
like run(command => 'tools/setup --dry-run test', path => $bare)->{said}, qr/missing here: .*\bclang\b/,
        'but for tests it is';
SKIP: {
        skip 'setup installs on Debian on x86_64 only', 2 unless -x "$bare/apt-get" && `uname -m` eq "x86_64\n";
        is $missing->{status}, $> == 0 ? 0 : 2, 'a dry run installs nothing';
        like $missing->{said}, qr/apt-get install --no-install-recommends/, 'and says the command';
}
SKIP: {
        my ($setpriv) = grep { -x } map { "$_/setpriv" } split /:/, $ENV{PATH};
        skip 'to be nobody one must be root', 2 unless $> == 0 && $setpriv && -x "$bare/apt-get";
        system "mkdir $bare/tools && cp tools/setup $bare/tools && chmod -R a+rX $bare";
        my $nobody = run(command => "$setpriv --reuid=65534 --clear-groups $bare/tools/setup demo", path => $bare);
        is $nobody->{status}, 2, 'without root and sudo nothing is installed';
        like $nobody->{said}, qr/as root, type: apt-get update && apt-get install .*\bgraphviz\b/,
                'but the command is told, whole';
}
unlink "$bare/apt-get";
my $elsewhere = run(command => 'tools/setup demo', path => $bare);
like $missing->{said}, qr/downloads about 110 MB and takes 470 MB of disk;.* about two minutes/,
        'how much that is, and how long it takes, is said before';
is $elsewhere->{status}, 2, 'where it cannot install, it says so';
like $elsewhere->{said}, qr/here, type: apt-get update && apt-get install .*\bgraphviz\b/, 'and what to type';

# --- other systems: what `uname' and `id' print, and the package manager, are pretended

# pretend(SYSTEM, PROCESSOR, PACKAGE MANAGER or '', 'sudo' or nothing): a path to run setup with, not as root
sub pretend {
        my ($system, $processor, @programs) = @_;
        my $path = tempdir(CLEANUP => 1);
        symlink readlink "$bare/$_", "$path/$_"
                for grep { -l "$bare/$_" && !/^(uname|id|apt-get)$/ } map { s{.*/}{}r } glob "$bare/*";
        my %script = (uname => "case \$1 in -s) echo $system ;; -m) echo $processor ;; esac", id => 'echo 1000');
        $script{$_} = 'echo "run: $0 $*"' for grep { $_ } @programs;
        for my $program (keys %script) {
                open my $file, '>', "$path/$program" or die "$path/$program: $!\n";
                print $file "#!/bin/sh\n$script{$program}\n";
                close $file;
                chmod 0755, "$path/$program";
        }
        return $path;
}

for my $case ([ 'Fedora', pretend('Linux', 'x86_64', 'dnf', 'sudo'),
                qr/type: sudo dnf install .*\bglibc-devel .*\bjansson-devel\b/ ],
              [ 'Arch', pretend('Linux', 'x86_64', 'pacman', 'sudo'), qr/type: sudo pacman -S --needed .*\bjansson\b/ ],
              [ 'Debian on arm64', pretend('Linux', 'aarch64', 'apt-get', 'sudo'),
                qr/type: sudo apt-get update && sudo apt-get install .*\bgcc-x86-64-linux-gnu\b/ ]) {
        my ($name, $path, $words) = @$case;
        my $run = run(command => 'tools/setup demo', path => $path);
        is $run->{status}, 2, "$name: nothing is installed";
        like $run->{said}, $words, "$name: but the command is told, with sudo";
        unlike $run->{said}, qr/^run: /m, "$name: nothing is run";
        $run = run(command => 'tools/setup --doctor', path => $path);
        unlike $run->{said}, qr/(install|--needed) -$/m, "$name: doctor names no package that there is not";
}
my $fedora = run(command => 'tools/setup demo', path => pretend('Linux', 'x86_64', 'dnf'));
unlike $fedora->{said}, qr/ MB /, 'elsewhere than on Debian no size is told, which would be wrong there';
like run(command => 'tools/setup --doctor', path => pretend('Linux', 'x86_64', 'pacman'))->{said},
        qr/^cmark-gfm +missing +- +optional: this system has no package of it$/m, 'Arch: what it has no package of';
like run(command => 'tools/setup --doctor', path => pretend('Linux', 'aarch64', 'apt-get'))->{said},
        qr/^kernel-compiler +missing +12 +apt-get update && .* gcc-x86-64-linux-gnu$/m,
        'arm64: a compiler for x86_64 is needed';
my $unknown = run(command => 'tools/setup demo', path => pretend('Linux', 'x86_64', ''));
like $unknown->{said}, qr/no package manager that this script knows/, 'a system that it does not know: says so';
for my $options ('demo', '--dry-run test', '--doctor') {
        my $mac = run(command => "tools/setup $options", path => pretend('Darwin', 'arm64', 'brew'));
        is $mac->{status}, 2, "macOS: setup $options is not possible";
        like $mac->{said}, qr/^tools\/setup: Understory is built and used on Linux, and this is Darwin: .*docker run .* debian:12$/m,
                'and it says where it is, and what to type';
}
like run(command => 'tools/setup --help', path => pretend('Darwin', 'arm64', 'brew'))->{said}, qr/^usage: /,
        'macOS: --help is shown';
my $debian = run(command => 'tools/setup demo', path => pretend('Linux', 'x86_64', 'apt-get', 'sudo'));
like $debian->{said}, qr{^run: \S*/sudo apt-get update$}m, 'Debian: sudo is used where it is needed';

# --- doctor

my $well = run(command => 'tools/setup --doctor');
is $well->{status}, 0, 'doctor: all is here';
unlike $well->{said}, qr/^\S+ +unknown/m, 'and each tool tells its version';
my $ill = run(command => 'tools/setup --doctor', path => $bare);
is $ill->{status}, 1, 'doctor: something is missing';
like $ill->{said}, qr/^qemu +missing +7\.2 +apt-get update && apt-get install .*qemu-system-x86$/m, 'with the fix';
like $ill->{said}, qr/^strace +missing +5\.10 +optional: apt-get update && apt-get install /m,
        'strace, which README.md uses, is optional';
like $ill->{said}, qr/^clang +missing +14 +optional:/m, 'what is optional is said to be';

SKIP: {
        skip 'shellcheck is not installed', 1 if system 'command -v shellcheck > /dev/null';
        is run(command => 'shellcheck tools/setup tools/lines tools/loaded tools/demo .ci/run')->{said}, '',
                'shellcheck has nothing to say';
}
done_testing;
