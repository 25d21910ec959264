#!/usr/bin/env perl
# Pictures of trees of 1, 7, 40, 500 and 10,000 regions: nothing overlaps, nothing is cut off, and each kind of picture
# fits a laptop's screen or a page; a PNG has the size that is said.
use strict;
use warnings;
use File::Basename qw(dirname);
use JSON::PP qw(decode_json);
use Test::More;
use lib dirname(__FILE__);
use Regionviz qw($build $folder build record);

build("$build/host/run_script", "$build/regionviz");

sub slurp { local (@ARGV, $/) = @_; return <> }

sub viz {
        my ($arguments) = @_;
        my $said = qx('$build/regionviz' $arguments 2>&1);

        is $?, 0, $arguments =~ s/\Q$folder\E.//gr or diag $said;
        return $said;
}

# Regions in an order that is not theirs, with holes of many sizes; then a search that takes the lowest hole that fits,
# one near a hint, and one that is refused.
sub record_regions {
        my ($regions) = @_;
        my $is_small = $regions <= 40;
        my @gaps = $is_small ? (0, 1, 1, 2, 3, 5) : (0, 1, 1, 2, 4, 8, 16, 64);
        my ($seed, $at, @line) = (7, 0x10000);
        my $random = sub { $seed = ($seed * 1103515245 + 12345) % 2**31; return int($seed / 65536) % $_[0] };

        for my $i (0 .. $regions - 1) {
                $at += 4096 * $gaps[$random->(scalar @gaps)];
                my $size = 4 * (1, 1, 2, 4)[$random->(4)];
                my $protection = ('r--', 'rw-', 'r-x')[$random->(3)];
                push @line, sprintf "map r%d %dK %s at 0x%x\n", $i, $size, $protection, $at;
                $at += 4096 * 4;
        }
        for my $i (reverse 1 .. $#line) {
                my $j = $random->($i + 1);
                @line[$i, $j] = @line[$j, $i];
        }
        return record($regions,
                sprintf("space 0x10000 %s\n", $is_small ? sprintf('0x%x', $at + 0xc000) : '0x7ffffffff000'),
                @line,
                "map new 16K rw- anywhere\n",
                sprintf("map near 8K rw- near 0x%x\n", ($at >> 13) << 12),
                "map huge 512T rw- anywhere\n");
}

# --- boxes: [left, right, top, bottom, name] -----------------------------------------------------------------------

sub overlaps {
        my ($one, $other) = @_;
        return $one->[0] < $other->[1] && $other->[0] < $one->[1] && $one->[2] < $other->[3] && $other->[2] < $one->[3];
}

sub is_outside {
        my ($box, $width, $height) = @_;
        return $box->[0] < 0 || $box->[1] > $width || $box->[2] < 0 || $box->[3] > $height;
}

# Pairs that overlap, and those that are not within the picture.
sub misplaced {
        my ($width, $height, @box) = @_;
        my @found = map { "$_->[4] is outside" } grep { is_outside($_, $width, $height) } @box;
        my @open;

        for my $box (sort { $a->[0] <=> $b->[0] } @box) {
                @open = grep { $_->[1] > $box->[0] + 0.1 } @open;
                my @met = grep { $_->[2] < $box->[3] - 0.1 && $box->[2] < $_->[3] - 0.1 } @open;
                push @found, map { "$_->[4] overlaps $box->[4]" } @met;
                push @open, $box;
        }
        return @found;
}

# Of the layout as JSON: the nodes that are drawn, each with the words beneath it, and the pieces of the bar.
sub box_of {
        my ($node) = @_;
        my $width = $node->{beneath_width} > $node->{width} ? $node->{beneath_width} : $node->{width};
        my ($top, $bottom) = ($node->{y} - $node->{height} / 2, $node->{y} + $node->{height} / 2);

        return [$node->{x} - $width / 2, $node->{x} + $width / 2, $top, $bottom + $node->{beneath_height},
                "$node->{form} $node->{heading}"];
}

sub misplaced_in {
        my ($layout) = @_;
        my @boxes = map { box_of($_) } grep { $_->{form} ne 'hidden' } @{$layout->{nodes}};
        my @pieces = map { [$_->{x}, $_->{x} + $_->{width}, 0, 1, "$_->{kind} $_->{base}"] } @{$layout->{bar}};

        return (misplaced($layout->{width}, $layout->{height}, @boxes), misplaced($layout->{width}, 1, @pieces));
}

# --- what is drawn in an SVG ------------------------------------------------------------------------------------

my $title = qr/(?:<title>[^<]*<\/title>)?/;
my $number = qr/[\d.]+/;
my $line_width = qr/[^>]*?(?:stroke-width="($number)")?/;
my $place = qr/<rect x="($number)" y="($number)" width="($number)" height="($number)"/;

# With the lines: the outermost frame around each node, the triangles, and what is under words.
sub drawn {
        my ($svg) = @_;
        my (%frame, @triangle, @words);

        while ($svg =~ /<g id="(\w*?)(halo|differs|under)(\d+)"[^>]*>$title$place$line_width\/>/g) {
                my ($kind, $node, $name, $line) = ($2, "$1$3", "$1$2$3", ($8 // 0) / 2);
                my $box = [$4 - $line, $4 + $6 + $line, $5 - $line, $5 + $7 + $line, $name];

                if ($kind eq 'under') {
                        push @words, $box;
                } elsif ($kind eq 'differs' || !$frame{$node}) {
                        $frame{$node} = $box;
                }
        }
        while ($svg =~ /<g id="(\w+)" class="node subtree[^>]*>$title<path d="M($number) ($number)l15 24h-30z"/g) {
                push @triangle, [$2 - 15, $2 + 15, $3 - 1, $3 + 25, "triangle $1"];
        }
        return ([values %frame], \@triangle, \@words);
}

# The right end of the frame around each 2-3-4 node.
sub ends_of_bands {
        my ($svg) = @_;
        my @end;

        while ($svg =~ /class="node band"[^>]*>$title$place/g) {
                push @end, [$1 + $3 - 1, $1 + $3 + 1, $2 + 8, $2 + $4 - 8, 'the end of a band'];
        }
        return @end;
}

# How long the bar of one side of a comparison is.
sub length_of_bar {
        my ($svg, $side) = @_;
        my ($left, $right) = (1e9, 0);

        while ($svg =~ /<g id="picture${side}_p\d+b?"[^>]*>$title$place/g) {
                $left = $1 if $1 < $left;
                $right = $1 + $3 if $1 + $3 > $right;
        }
        return sprintf '%.0f', $right - $left;
}

# --- sizes ------------------------------------------------------------------------------------------------------

my %limit = (screen => [1400, 780], page => [830, 1100]);
# Two trees with paths of fourteen nodes are higher than a screen or a page, and the keys of eight 2-3-4 nodes wider
# than a page.
my %exception = (
        'diff screen 10000' => [1400, 900],
        'diff page 40' => [830, 1130],
        'diff page 500' => [830, 1160],
        'diff page 10000' => [830, 1360],
        'black page 10000' => [1200, 1100],
);

sub size_in { my ($said) = @_; return map { tr/,//dr } $said =~ /([\d,]+) x ([\d,]+) pixels/ }

sub fits {
        my ($name, $frame, $regions, $width, $height) = @_;
        my $most = $exception{"$name $regions"} // $frame;

        ok $width && $width <= $most->[0] && $height <= $most->[1],
                "$name of $regions: $width x $height pixels fit $most->[0] x $most->[1]";
}

# --- the trees --------------------------------------------------------------------------------------------------

sub check_trees {
        my ($recording, $regions, $at) = @_;

        for my $fit ('screen', 'page', $regions < 10000 ? 'poster' : ()) {
                for my $how ('', '--layout tidy', '--levels black') {
                        my $layout = decode_json(viz("tree $recording --at $at --fit $fit $how --json"));
                        my @wrong = misplaced_in($layout);

                        is_deeply [grep { defined } @wrong[0 .. 5]], [], 'nothing overlaps or is cut off';
                        next if $fit eq 'poster';
                        fits($how =~ /black/ ? "black $fit" : $fit, $limit{$fit}, $regions,
                                map { sprintf '%d', $layout->{$_} * $layout->{scale} } qw(width height));
                }
        }
}

# The other kinds of pictures, which stay in the folder.
sub check_kinds {
        my ($recording, $regions, $search) = @_;
        my $at = "op:$search";
        my $draw = sub { my ($kind, $arguments) = @_; return size_in(viz("$arguments -o $folder/$kind.svg")) };

        fits('both', $limit{screen}, $regions, $draw->('both', "tree $recording --at $at --layout both"));
        fits('skyline', $limit{screen}, $regions, $draw->('skyline', "skyline $recording --at $at"));
        fits('map', $limit{screen}, $regions, $draw->('map', "map $recording"));
        fits('film', [1400, 9999], $regions, $draw->('film', "film $recording --at $at"));
        for my $fit (qw(screen page)) {
                my $and = 'op:' . ($search + 2);
                fits("diff $fit", $limit{$fit}, $regions,
                        $draw->('diff', "diff $recording --at $at --and $and --fit $fit"));
        }
        $draw->('black', "tree $recording --at $at --fit page --levels black");
}

# Frames around nodes and triangles are clear of each other, and words of their lines.
sub check_lines {
        my ($regions) = @_;

        for my $sheet (qw(diff film both)) {
                my ($frames, $triangles, $words) = drawn(slurp("$folder/$sheet.svg"));
                my @lines = (@$frames, @$triangles);
                my @covered;

                for my $line (@lines) {
                        push @covered, map { "$_->[4] covers $line->[4]" } grep { overlaps($_, $line) } @$words;
                }
                is_deeply [misplaced(1e9, 1e9, @lines)], [],
                        "$sheet of $regions: " . @$frames . ' frames and ' . @$triangles . ' triangles do not overlap';
                is_deeply \@covered, [], 'no words cover their lines';
        }
        my (undef, undef, $words) = drawn(slurp("$folder/black.svg"));
        my @ends = ends_of_bands(slurp("$folder/black.svg"));
        my @covered = grep { my $end = $_; grep { overlaps($_, $end) } @$words } @ends;
        ok @ends > 0 && !@covered, 'no words cover the end of one of ' . @ends . ' frames of 2-3-4 nodes';
}

sub check_png {
        my ($recording, $at) = @_;

        for my $picture ("tree $recording --at $at", "tree $recording --levels black", "tree $recording --layout both",
                "film $recording --at $at", "film $recording --at $at --levels black",
                "diff $recording --at op:2 --and op:7", "skyline $recording", "map $recording") {
                my ($width, $height) = size_in(viz("$picture -T dark -o $folder/it.png"));
                is_deeply [unpack 'x16 N2', slurp("$folder/it.png")], [$width, $height],
                        "its PNG is $width x $height pixels, as is said";
        }
}

for my $regions (1, 7, 40, 500, 10000) {
        my $recording = record_regions($regions);
        my $search = qx('$build/regiontrace' dump $recording | grep tree_begin | grep -c .) - 2;

        check_trees($recording, $regions, "op:$search");
        check_kinds($recording, $regions, $search);
        check_lines($regions);

        # The two bars of a comparison are equally long, so that they can be compared.
        my @length = map { length_of_bar(slurp("$folder/diff.svg"), $_) } 1, 2;
        ok $length[0] > 100 && $length[0] == $length[1], "both bars of diff are $length[0] pixels long"
                or diag "@length";
        check_png($recording, "op:$search") if $regions == 7 && system('neato -V > /dev/null 2>&1') == 0;
}
done_testing;
