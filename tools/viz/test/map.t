#!/usr/bin/env perl
# regionviz map: an address space over time, as a picture and in words.
use strict;
use warnings;
use File::Basename qw(dirname);
use Test::More;
use lib dirname(__FILE__);
use Regionviz qw($build $folder build record);

build("$build/host/run_script", "$build/regionviz");

sub slurp { local (@ARGV, $/) = @_; return <> }
sub viz { my $said = qx('$build/regionviz' @_ 2>&1); return { status => $? >> 8, said => $said } }
my $recording = record('small', "space 0x10000 0x90000\nmap text 16K r-x at 0x30000\nmap heap 16K rw- at 0x40000\n",
        "protect 0x40000 4K r--\nunmap 0x30000 16K\nmap big 1M rw- anywhere -> no_memory\nmap last 4K rw- anywhere\n");
my $run = viz('map', $recording, '--text');
is $run->{status}, 0, 'in words' or diag $run->{said};
like $run->{said}, qr/^  +0\.000 ms to +[\d.]+ ms  30000–34000 r-x text$/m, 'a region that was removed has an end';
like $run->{said}, qr/^ +[\d.]+ ms to +[\d.]+ ms  40000–44000 rw- heap$/m, 'one that changed is two';
like $run->{said}, qr/^ +[\d.]+ ms to +the end  41000–44000 rw- heap$/m, 'its second part is there to the end';
like $run->{said}, qr/^Refused requests\n +[\d.]+ ms  place_anywhere\(big, 256 pages\) → no_memory \(event \d+\)$/m,
        'a refused request';

my $svg = "$folder/map.svg";
$run = viz('map', $recording, '-o', $svg);
like $run->{said},
        qr/^\S+map\.svg: tree 1 \(small\.ops\), (\d+) regions, 0 page faults, 1 refused request; 1,190 x \d+ pixels$/,
        'as a picture, in one line';
my ($regions) = $run->{said} =~ /(\d+) regions/;
my $picture = slurp($svg);
is scalar(() = $picture =~ /class="node bar"/g), $regions, 'a bar for each';
like $picture, qr/<title id="title">small\.ops · memory over time/, 'with a title';
like $picture, qr/<text class="REFUSED"[^>]*>▼ 1  place_anywhere\(big, 256 pages\) → no_memory \(event \d+\)</,
        'and the refused request';
like $picture, qr/prefers-color-scheme:dark/, 'for dark screens, too';
unlike slurp($svg), qr/prefers/,
        'unless a theme is asked for' if viz('map', $recording, '-T', 'dark', '-o', $svg)->{status} == 0;
is system("perl -MXML::Parser -e 'XML::Parser->new->parsefile(shift)' $svg"), 0, 'it is XML'
        if !system("perl -MXML::Parser -e 1 2> /dev/null");

# Events are missing from the middle of the recording: that time is marked, and said.
unlike viz('map', $recording, '--text')->{said}, qr/Not known/, 'with all its events there, all is known';
my $whole = record('whole', "space 0x10000 0x90000\n",
        map { ("map r$_ 4K rw- anywhere\n", "unmap 0x10000 4K\n") } 1 .. 200);
my $bytes = slurp($whole);
substr($bytes, length($bytes) / 2, 300) = 'x' x 300;
open my $damaged, '>:raw', "$folder/damaged.rtrace" or die;
print $damaged $bytes;
close $damaged;
$run = viz('map', "$folder/damaged.rtrace", '--text', '-o', $svg);
like $run->{said}, qr/^Not known, since events are missing\n +[\d.]+ ms to +[\d.]+ ms$/m, 'a gap is said in words';
like slurp($svg), qr/class="node gap"/, '... and marked in the picture';
like slurp($svg), qr/events are missing: [\d.]+ ms not known/, '... whose description says how long it is';
like slurp($svg), qr/red and dashed: not known/, '... and whose legend says what it means';
viz('map', $recording, '-o', $svg);
unlike slurp($svg), qr/class="node gap"|not known/, 'a recording without a gap has none of that';
like slurp($svg), qr/<desc id="description">\d+ regions, 0 page faults, 1 refused request [^<]*regionviz map --text/,
        'its description says what is in it';

# Names from a trace cannot leave their place.
my $evil = record('evil', "space 0x10000 0x90000\nmap <b>&\"x 64K rw- anywhere\n");
viz('map', $evil, '-o', $svg);
unlike slurp($svg), qr/<b>|&"/, 'a name is escaped';

# Ten thousand regions: rows are shared, which is said, and the picture stays small.
my $many = record('many', "space 0x10000 0x7ffffffff000\n",
        map { sprintf "map r%d 4K r-- at 0x%x\n", $_, 0x100000 + 0x3000 * $_ } 1 .. 10000);
$run = viz('map', $many, '-o', $svg);
is $run->{status}, 0, 'ten thousand regions' or diag $run->{said};
cmp_ok -s $svg, '<', 1_000_000, 'are less than a megabyte';
like slurp($svg), qr/[\d,]+ regions too small to be drawn apart/, 'and it says what it could not draw apart';
my ($height) = slurp($svg) =~ /<svg [^>]*height="(\d+)"/;
cmp_ok $height, '<', 1000, 'on a picture that fits a screen';

# Many short regions, one after the other in one place, share a bar, too.
my $brief = record('brief', "space 0x10000 0x90000\n", ("map r 4K r-- at 0x20000\n", "unmap 0x20000 4K\n") x 5000);
$run = viz('map', $brief, '-o', $svg);
cmp_ok -s $svg, '<', 20_000, 'what is shorter than a pixel is merged';
like slurp($svg), qr/5,000 regions too small to be drawn apart/, 'and counted';
cmp_ok((slurp($svg) =~ /<svg [^>]*height="(\d+)"/)[0], '<', 780, 'on a picture that fits a screen');

# PNG and PDF, of which the size is said.
SKIP: {
        skip 'no neato', 4 if system('neato -V > /dev/null 2>&1');
        $run = viz('map', $recording, '-o', "$folder/map.png");
        my ($width, $high) = unpack 'x16 N2', slurp("$folder/map.png");
        like $run->{said}, qr/; 1,190 x $high pixels$/, 'a PNG has the size that is said';
        is $width, 1190, 'and that of the SVG';
        is viz('map', $recording, '-o', "$folder/map.pdf", '-T', 'dark')->{status}, 0, 'a PDF';
        like substr(slurp("$folder/map.pdf"), 0, 5), qr/^%PDF-/, 'is one';
}
like viz('map', $recording, '-o', "$folder/map.gif")->{said}, qr/must end in \.svg, \.png, \.pdf or \.dot/,
        'no other formats';

is viz('map', $recording)->{status}, 2, 'without -o: wrong usage';
like viz('map', $recording, '-t', 9, '--text')->{said}, qr/there is no tree 9/, 'a tree that does not exist is named';
like viz('map', $recording, '-o', "$folder/none/map.svg")->{said}, qr/cannot be written: No such file/,
        'so is a file that cannot be written';
done_testing;
