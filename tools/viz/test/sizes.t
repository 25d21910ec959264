#!/usr/bin/env perl
# Pictures of trees of 1, 7, 40, 500 and 10,000 regions: nothing overlaps, nothing is cut off, and each kind of picture fits
# a laptop's screen or a page; a PNG has the size that is said.
use strict;
use warnings;
use File::Temp qw(tempdir);
use JSON::PP qw(decode_json);
use Test::More;

my $build = $ENV{BUILD} // 'build';
my $make = $ENV{MAKE} // 'make';
my $folder = tempdir(CLEANUP => 1);
system("$make --no-print-directory BUILD=$build $build/host/run_script $build/regionviz > $folder/make.log 2>&1") == 0
        or BAIL_OUT("cannot build: see `make $build/host/run_script'");

sub slurp { local (@ARGV, $/) = @_; return <> }
sub viz { my ($arguments) = @_; my $said = qx('$build/regionviz' $arguments 2>&1); is $?, 0, $arguments =~ s/\Q$folder\E.//gr or diag $said; return $said }

# Regions in an order that is not theirs, with holes of many sizes; then a search that takes the lowest hole that fits, one
# near a hint, and one that is refused.
sub record {
        my ($regions) = @_;
        my $is_small = $regions <= 40;
        my ($seed, $at, @line) = (7, 0x10000);
        my $random = sub { $seed = ($seed * 1103515245 + 12345) % 2**31; return int($seed / 65536) % $_[0] };

        for my $i (0 .. $regions - 1) {
                $at += 4096 * ($is_small ? (0, 1, 1, 2, 3, 5) : (0, 1, 1, 2, 4, 8, 16, 64))[$random->($is_small ? 6 : 8)];
                push @line, sprintf "map r%d %dK %s at 0x%x\n", $i, 4 * (1, 1, 2, 4)[$random->(4)], ('r--', 'rw-', 'r-x')[$random->(3)], $at;
                $at += 4096 * 4;
        }
        for my $i (reverse 1 .. $#line) { my $j = $random->($i + 1); @line[$i, $j] = @line[$j, $i] }
        open my $script, '>', "$folder/$regions.ops" or die;
        printf $script "space 0x10000 %s\n", $is_small ? sprintf('0x%x', $at + 0xc000) : '0x7ffffffff000';
        print $script @line, "map new 16K rw- anywhere\n", sprintf("map near 8K rw- near 0x%x\n", ($at >> 13) << 12), "map huge 512T rw- anywhere\n";
        close $script;
        system("$build/host/run_script $folder/$regions.ops -o $folder/$regions.rtrace > /dev/null") == 0 or BAIL_OUT("$regions regions cannot be mapped");
        return "$folder/$regions.rtrace";
}

# Of boxes [left, right, top, bottom, name]: pairs that overlap, and those that are not within the picture.
sub misplaced {
        my ($width, $height, @box) = @_;
        my @found = map { "$_->[4] is outside" } grep { $_->[0] < 0 || $_->[1] > $width || $_->[2] < 0 || $_->[3] > $height } @box;
        my @open;

        for my $box (sort { $a->[0] <=> $b->[0] } @box) {
                @open = grep { $_->[1] > $box->[0] + 0.1 } @open;
                push @found, map { "$_->[4] overlaps $box->[4]" } grep { $_->[2] < $box->[3] - 0.1 && $box->[2] < $_->[3] - 0.1 } @open;
                push @open, $box;
        }
        return @found;
}

sub overlaps { my ($a, $b) = @_; return $a->[0] < $b->[1] && $b->[0] < $a->[1] && $a->[2] < $b->[3] && $b->[2] < $a->[3] }

# What is drawn of the trees in an SVG, with its lines: the outermost frame around each node, the triangles, and what is under words.
sub drawn {
        my ($svg) = @_;
        my (%frame, @triangle, @words);

        while ($svg =~ /<g id="(\w*?)(halo|differs|under)(\d+)"[^>]*>(?:<title>[^<]*<\/title>)?<rect x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="([\d.]+)"[^>]*?(?:stroke-width="([\d.]+)")?\/>/g) {
                my ($kind, $node, $line) = ($2, "$1$3", ($8 // 0) / 2);
                my $box = [$4 - $line, $4 + $6 + $line, $5 - $line, $5 + $7 + $line, "$1$2$3"];
                if ($kind eq 'under') { push @words, $box } elsif ($kind eq 'differs' || !$frame{$node}) { $frame{$node} = $box }
        }
        while ($svg =~ /<g id="(\w+)" class="node subtree[^>]*>(?:<title>[^<]*<\/title>)?<path d="M([\d.]+) ([\d.]+)l15 24h-30z"/g) {
                push @triangle, [$2 - 15, $2 + 15, $3 - 1, $3 + 25, "triangle $1"];
        }
        return ([values %frame], \@triangle, \@words);
}

my %limit = (screen => [1400, 780], page => [830, 1100]);
# Two trees with paths of fourteen nodes are higher than a screen or a page, and the keys of eight 2-3-4 nodes wider than a page.
my %exception = ('diff screen 10000' => [1400, 900], 'diff page 40' => [830, 1130],
                 'black page 10000' => [1200, 1100], 'diff page 500' => [830, 1160], 'diff page 10000' => [830, 1360]);

sub fits {
        my ($said, $name, $frame, $regions) = @_;
        my ($width, $height) = map { tr/,//dr } $said =~ /([\d,]+) x ([\d,]+) pixels/;
        my $most = $exception{"$name $regions"} // $frame;

        ok $width && $width <= $most->[0] && $height <= $most->[1], "$name of $regions: $width x $height pixels fit $most->[0] x $most->[1]";
        return ($width, $height);
}

for my $regions (1, 7, 40, 500, 10000) {
        my $recording = record($regions);
        my $script = slurp("$folder/$regions.ops");
        my $search = qx('$build/regiontrace' dump $recording | grep tree_begin | grep -c .) - 2;

        for my $fit ('screen', 'page', $regions < 10000 ? 'poster' : ()) {
                for my $how ('', '--layout tidy', '--levels black') {
                        my $layout = decode_json(viz("tree $recording --at op:$search --fit $fit $how --json"));
                        my @shown = grep { $_->{form} ne 'hidden' } @{$layout->{nodes}};
                        my @boxes = map { my $half = ($_->{beneath_width} > $_->{width} ? $_->{beneath_width} : $_->{width}) / 2;
                                          [$_->{x} - $half, $_->{x} + $half, $_->{y} - $_->{height} / 2, $_->{y} + $_->{height} / 2 + $_->{beneath_height}, "$_->{form} $_->{heading}"] } @shown;
                        my @pieces = map { [$_->{x}, $_->{x} + $_->{width}, 0, 1, "$_->{kind} $_->{base}"] } @{$layout->{bar}};
                        my @wrong = (misplaced($layout->{width}, $layout->{height}, @boxes), misplaced($layout->{width}, 1, @pieces));

                        is_deeply [@wrong[0 .. ($#wrong < 5 ? $#wrong : 5)]], [], 'nothing overlaps or is cut off';
                        next if $fit eq 'poster';
                        fits(sprintf('%d x %d pixels', $layout->{width} * $layout->{scale}, $layout->{height} * $layout->{scale}), $how =~ /black/ ? "black $fit" : $fit, $limit{$fit}, $regions);
                }
        }
        fits(viz("tree $recording --at op:$search --layout both -o $folder/both.svg"), 'both', [1400, 780], $regions);
        fits(viz("skyline $recording --at op:$search -o $folder/skyline.svg"), 'skyline', [1400, 780], $regions);
        fits(viz("map $recording -o $folder/map.svg"), 'map', [1400, 780], $regions);
        for my $fit (qw(screen page)) {
                fits(viz("diff $recording --at op:$search --and op:" . ($search + 2) . " --fit $fit -o $folder/diff.svg"), "diff $fit", $limit{$fit}, $regions);
        }
        fits(viz("film $recording --at op:$search -o $folder/film.svg"), 'film', [1400, 9999], $regions);

        # Frames around nodes and triangles are clear of each other, and words of the triangles.
        for my $sheet (qw(diff film both)) {
                my ($frames, $triangles, $words) = drawn(slurp("$folder/$sheet.svg"));
                is_deeply [misplaced(1e9, 1e9, @$frames, @$triangles)], [], "$sheet of $regions: " . @$frames . ' frames and ' . @$triangles . ' triangles do not overlap';
                my @covered = map { my $drawn = $_; map { "$_->[4] covers $drawn->[4]" } grep { overlaps($_, $drawn) } @$words } @$frames, @$triangles;
                is_deeply \@covered, [], 'no words cover their lines';
        }

        # Nor do words cover the right end of the frame around a 2-3-4 node.
        viz("tree $recording --at op:$search --fit page --levels black -o $folder/black.svg");
        my (undef, undef, $words) = drawn(slurp("$folder/black.svg"));
        my @band = map { [$_->[0] + $_->[2] - 1, $_->[0] + $_->[2] + 1, $_->[1] + 8, $_->[1] + $_->[3] - 8] }
                map { [/="([\d.]+)"/g] } slurp("$folder/black.svg") =~ /class="node band"[^>]*>(?:<title>[^<]*<\/title>)?<rect (x="[\d.]+" y="[\d.]+" width="[\d.]+" height="[\d.]+")/g;
        ok @band > 0 && !grep({ my $end = $_; grep { overlaps($_, $end) } @$words } @band), 'no words cover the end of one of ' . @band . ' frames of 2-3-4 nodes';

        my $svg = slurp("$folder/diff.svg");
        # The two bars of a comparison are equally long, so that they can be compared.
        my @length;
        for my $side (1, 2) {
                my ($left, $right) = (1e9, 0);
                while ($svg =~ /<g id="picture${side}_p\d+b?"[^>]*>(?:<title>[^<]*<\/title>)?<rect x="([\d.]+)" y="[\d.]+" width="([\d.]+)"/g) {
                        $left = $1 if $1 < $left;
                        $right = $1 + $2 if $1 + $2 > $right;
                }
                push @length, sprintf '%.0f', $right - $left;
        }
        ok $length[0] > 100 && $length[0] == $length[1], "both bars of diff are $length[0] pixels long" or diag "@length";
        next if $regions != 7 || system('neato -V > /dev/null 2>&1');
        for my $picture ("tree $recording --at op:$search", "tree $recording --levels black", "tree $recording --layout both", "film $recording --at op:$search",
                "film $recording --at op:$search --levels black", "diff $recording --at op:2 --and op:7", "skyline $recording", "map $recording") {
                my ($width, $height) = map { tr/,//dr } viz("$picture -T dark -o $folder/it.png") =~ /([\d,]+) x ([\d,]+) pixels/;
                is_deeply [unpack 'x16 N2', slurp("$folder/it.png")], [$width, $height], "its PNG is $width x $height pixels, as is said";
        }
}
done_testing;
