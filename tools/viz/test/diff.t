#!/usr/bin/env perl
# `regionviz diff': two recordings, and two moments of one, as a picture and in words.
use strict;
use warnings;
use utf8;
use open qw(:std :encoding(UTF-8));
use File::Basename qw(dirname);
use Test::More;
use lib dirname(__FILE__);
use Regionviz qw($build $folder build regionviz refused);

build("$build/host/run_script", "$build/regionviz");

# The script's name is that of its space, by which trees are found again in the other recording.
sub record {
        my ($name, $text) = @_;
        open my $script, '>', "$folder/same.ops" or die;
        print $script $text;
        close $script;
        system("$build/host/run_script $folder/same.ops -o $folder/$name.rtrace > /dev/null") == 0
                or BAIL_OUT('run_script failed');
        return "$folder/$name.rtrace";
}

sub beginning {
        open my $file, '<:raw', $_[0] or return '';
        read $file, my $bytes, $_[1] // 16;
        return $bytes;
}

my $text = <<'END';
space 0x10000 0x41000
map text 16K r-x at 0x10000
map data 8K rw- at 0x17000
map heap 32K rw- at 0x1c000
map libc 20K r-x at 0x33000
map new 16K rw- anywhere
END
my $good = record('good', $text);
my $same = record('same', $text);
my $bad = record('bad', $text =~ s/at 0x33000/at 0x31000/r);

# --- two recordings

my ($status, $words) = regionviz('diff', "$good $bad --text");
is $status, 0, 'two recordings that differ: exit status 0';
like $words,
        qr/^good\.rtrace \(A\) and bad\.rtrace \(B\)\n  A: same\.ops · place_specifically\(libc, 5 pages at 33000\)/,
        'it shows the first operation that differs';
like $words, qr/^First difference: tree 1 \(space "same\.ops"\), operation 4: the address that was asked for$/m,
        'and names it';
my $libc = qr/  31000–36000 libc: only in B\n  33000–38000 libc: only in A/;
like $words, qr/^2 regions differ, 0 of them in the tree alone\n$libc\n\z/m,
        'each region that differs is named';

($status, $words) = regionviz('diff', "$good $same --text");
is $status, 0, 'two that are alike: exit status 0';
like $words, qr/^All 5 operations on these trees are alike\.\n\nThe two trees are alike: 5 regions\.$/m,
        'and it says so';

($status, $words) = regionviz('diff', "$good $bad --at op:5 --text");
my $placed = qr/same\.ops · place_anywhere\(new, 4 pages\) → 24000/;
like $words, qr/A: $placed.*B: $placed/s,
        '--at is the moment of both';

# Looking for an address changes no tree, so what is shown is the next operation that differs.
my $more = record('more', $text =~ s/^map libc/find 0x10123\nunmap 0x17000 4K\nmap libc/mr);
($status, $words) = regionviz('diff', "$good $more --text");
like $words, qr/^First difference: tree 1 .*, operation 4: only B has it\n     find /m,
        'an operation that only one has, and that changes nothing';
like $words, qr/^Shown, since that changes no tree: .*\n     (?:resize|remove|split) /m, 'what is shown instead';
my $cut = qr/  17000–19000 data: in A: 17000–19000; in B: 18000–19000/;
like $words, qr/^1 region differs, 0 of them in the tree alone\n$cut$/m,
        'a region that was cut is the same region, with another range' or diag $words;

# --- two moments

($status, $words) = regionviz('diff', "$good --at op:2 --and op:5 --text");
is $status, 0, 'two moments: exit status 0';
like $words,
        qr/^Between them: operation 2: place_specifically 8 KiB "data".*\n +operation 3: .*\n +operation 4: .*\n\n/m,
        'the operations between them are named';
like $words, qr/^  10000–14000 text: in A: root; in B: left of 17000$/m,
        'a region that has another place in the tree';
($status, my $back) = regionviz('diff', "$good --at op:5 --and op:2 --text");
like $back, qr/^  10000–14000 text: in A: left of 17000; in B: root$/m, 'and the other way round';
like $back, qr/^Between them: operation 2/m, 'with the same operations between';

# --- files

for my $format ([ svg => qr/^<\?xml/ ], [ png => qr/^\x89PNG/ ], [ pdf => qr/^%PDF/ ], [ dot => qr/^graph / ]) {
        my ($code, $said) = regionviz('diff', "$good $bad -o $folder/out.$format->[0]");

        is $code, 0, "$format->[0]: exit status 0" or diag $said;
        like $said, qr/: 2 differences of 5 regions; [\d,]+ x [\d,]+ pixels$/, 'says how much differs, and the size';
        like beginning("$folder/out.$format->[0]"), $format->[1], 'and is one';
}
my $svg = beginning("$folder/out.svg", 1 << 20);
my %ids;
$ids{$_}++ for $svg =~ / id="([^"]+)"/g;
is_deeply [ grep { $ids{$_} > 1 } keys %ids ], [], 'no id is there twice';
my $title = qr{<title id="title">good\.rtrace \(A\) and bad\.rtrace \(B\)</title>};
like $svg, qr{$title\n<desc id="description">First difference: },
        'title and description';
is scalar(() = $svg =~ /class="node differs"/g), 2, 'a region that differs has a frame';
is scalar(() = $svg =~ /class="node mark differs"/g), 4, 'a range that differs is marked in both bars';
like $svg, qr/stroke-dasharray="6 3"/, 'frames are dashed: colour is not the only sign';

regionviz('diff', "$good $bad --theme light -o $folder/light.svg");
unlike beginning("$folder/light.svg", 1 << 20), qr/prefers-color-scheme/, '--theme light is light everywhere';
for my $fit (qw(screen page poster)) {
        my ($code, $said) = regionviz('diff', "$good $bad --fit $fit -o $folder/$fit.svg");

        is $code, 0, "--fit $fit";
        my ($width, $height) = $said =~ /([\d,]+) x ([\d,]+) pixels/;
        tr/,//d for $width, $height;
        is $width > $height, $fit eq 'screen', $fit eq 'screen' ? 'side by side' : 'one above the other';
}

# --- what cannot be drawn

refused('diff', "$good $bad", qr/name the file to write/);
refused('diff', "$good -w", qr/of one recording name two moments/);
refused('diff', "$good --at op:1 -w", qr/of one recording name two moments/);
refused('diff', "$good $bad --and op:1 -w", qr/name that of A, too/);
refused('diff', "-w", qr/it takes two recordings/);
refused('diff', "$good $bad -o x.gif", qr/must end in \.svg, \.png, \.pdf or \.dot/);
refused('diff', "$good $bad -f wide -w", qr/--fit takes screen, page or poster, not "wide"/);
refused('diff', "$good $bad -T blue -w", qr/--theme takes light or dark, not "blue"/);
refused('diff', "$good $bad --tree 9 -w", qr/tree 9 had no operation/);
refused('diff', "$good --at op:1 --and op:99 -w", qr/tree 1 has no operation 99/);
refused('diff', "$good $folder/none.rtrace -w", qr/none\.rtrace: .*No such file/);
refused('diff', "- $bad -w", qr/it must be a file/);
like +(regionviz('diff', '--help'))[1], qr/^usage: regionviz diff/, '--help';
done_testing;
