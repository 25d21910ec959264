#!/usr/bin/env perl
# Gradescope's zips in a Debian of their own: setup.sh installs its packages there, with the network; then submissions
# are graded with half a processor, 768 MB and no namespaces. Chromium shows what a student sees. This takes minutes;
# GRADESCOPE_ROOT names a folder in which debootstrap has made a Debian, or will.
use strict;
use warnings;
use File::Basename qw(dirname);
use File::Path qw(make_path);
use JSON::PP qw(decode_json);
use Test::More;
use lib dirname(__FILE__) . '/..';
use Grading qw($top $build $folder tree slurp spew);
use Results qw(is_valid page_of);

plan skip_all => 'only root can do this' if $>;
for my $tool (qw(debootstrap unzip zip unshare setpriv)) {
        plan skip_all => "$tool is not installed" if system("command -v $tool > /dev/null");
}
my $root = $ENV{GRADESCOPE_ROOT} // "$build/gradescope-root";
if (!-d "$root/usr") {
        my $said = `debootstrap --variant=minbase bookworm '$root' 2>&1`;
        plan skip_all => 'debootstrap reaches no archive of Debian' if $?;
}

sub zip {
        my (@options) = @_;
        my $said = `cd '$top' && labs/grade/gradescope @options '$folder/release' 2>&1`;
        is $?, 0, "gradescope @options" or diag $said;
        return ($said =~ /^(\S+\.zip)$/m)[0];
}

my $n = 0;

sub autograde {
        my ($zip, %files) = @_;
        my $submission = "$folder/upload" . $n++;
        make_path($submission);
        spew("$submission/$_", $files{$_}) for keys %files;
        my $out = `'$top/labs/grade/try-gradescope' '$zip' '$root' '$submission' '$submission.json' 2>&1`;
        my $text = slurp("$submission.json");
        return { status => $?, out => $out, text => $text, results => $text ? eval { decode_json($text) } : undef };
}

my $file = 'kernel/mm/hole_search.c';
my $right = slurp(tree('2a', 'solution') . "/$file");
my $lab = zip('2a');
my $run = autograde($lab, $file => $right);
is $run->{status}, 0, 'setup.sh and run_autograder did their work' or diag $run->{out};
is_valid($run, 'the solution');
is $run->{results}{score}, 100, 'the solution has 100 points';
like $run->{out}, qr/^limited: half a processor\n(?:.*\n)*?limited: 768 MB$/m, 'with half a processor and 768 MB';
like $run->{out}, qr/Isolation: no namespaces here: .*; a user of its own\./,
        'without namespaces, as another user than root';
note $run->{out} =~ /^(graded in \d+ ms)$/m;

my $wrong = autograde($lab, 'hole_search.c' => $right =~ s/>= request->size/> request->size/r);
is_valid($wrong, 'a mistake');
is autograde($lab, 'hole_search.c' => $right =~ s/>= request->size/> request->size/r)->{text}, $wrong->{text},
        'a regrade is the same, byte for byte';

SKIP: {
        skip 'Chromium is not installed', 1 if system('command -v chromium > /dev/null');
        my $page = page_of($wrong->{results}) =~ s{</body>}{<script>addEventListener("load", () => document.title = [...document.images].map(i => i.naturalWidth > 100 && i.naturalHeight > 100).join())</script></body>}r;
        spew("$folder/page.html", $page);
        my $shown = `timeout 100 chromium --headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync --user-data-dir='$folder/chromium' --virtual-time-budget=5000 --dump-dom 'file://$folder/page.html' 2>/dev/null`;
        like $shown, qr/<title>true(?:,true){0,2}<\/title>/, 'a browser shows the pictures';
}

my $attack = autograde(zip('--attack', '2a'), 'attacks/exact.ops' => <<'END');
space 0x10000 0x20000
map a 8K rw- anywhere
map b 8K rw- anywhere
map c 8K rw- anywhere
unmap 0x12000 8K
map d 8K rw- anywhere
END
is_valid($attack, 'an attack');
is $attack->{status}, 0, 'its setup.sh builds the mutants' or diag $attack->{out};
cmp_ok $attack->{results}{score}, '>', 0, 'a script that meets a hole of exactly the size has a point';
done_testing;
