/** ISO 3166 two-letter code, followed by the three-letter one. */
const CODES =
  'AFAFG AXALA ALALB DZDZA ASASM ADAND AOAGO AIAIA AGATG ARARG AMARM AWABW AUAUS ATAUT AZAZE BSBHS BHBHR BDBGD BBBRB ' +
  'BYBLR BEBEL BZBLZ BJBEN BMBMU BTBTN BOBOL BQBES BABIH BWBWA BRBRA IOIOT BNBRN BGBGR BFBFA BIBDI CVCPV KHKHM CMCMR ' +
  'CACAN KYCYM CFCAF TDTCD CLCHL CNCHN CXCXR CCCCK COCOL KMCOM CGCOG CDCOD CKCOK CRCRI CICIV HRHRV CUCUB CWCUW CYCYP ' +
  'CZCZE DKDNK DJDJI DMDMA DODOM ECECU EGEGY SVSLV GQGNQ ERERI EEEST SZSWZ ETETH FKFLK FOFRO FJFJI FIFIN FRFRA GFGUF ' +
  'PFPYF GAGAB GMGMB GEGEO DEDEU GHGHA GIGIB GRGRC GLGRL GDGRD GPGLP GUGUM GTGTM GGGGY GNGIN GWGNB GYGUY HTHTI VAVAT ' +
  'HNHND HKHKG HUHUN ISISL ININD IDIDN IRIRN IQIRQ IEIRL IMIMN ILISR ITITA JMJAM JPJPN JEJEY JOJOR KZKAZ KEKEN KIKIR ' +
  'KPPRK KRKOR KWKWT KGKGZ LALAO LVLVA LBLBN LSLSO LRLBR LYLBY LILIE LTLTU LULUX MOMAC MGMDG MWMWI MYMYS MVMDV MLMLI ' +
  'MTMLT MHMHL MQMTQ MRMRT MUMUS YTMYT MXMEX FMFSM MDMDA MCMCO MNMNG MEMNE MSMSR MAMAR MZMOZ MMMMR NANAM NRNRU NPNPL ' +
  'NLNLD NCNCL NZNZL NINIC NENER NGNGA NUNIU NFNFK MKMKD MPMNP NONOR OMOMN PKPAK PWPLW PSPSE PAPAN PGPNG PYPRY PEPER ' +
  'PHPHL PLPOL PTPRT PRPRI QAQAT REREU ROROU RURUS RWRWA BLBLM SHSHN KNKNA LCLCA MFMAF PMSPM VCVCT WSWSM SMSMR STSTP ' +
  'SASAU SNSEN RSSRB SCSYC SLSLE SGSGP SXSXM SKSVK SISVN SBSLB SOSOM ZAZAF SSSSD ESESP LKLKA SDSDN SRSUR SJSJM SESWE ' +
  'CHCHE SYSYR TWTWN TJTJK TZTZA THTHA TLTLS TGTGO TKTKL TOTON TTTTO TNTUN TRTUR TMTKM TCTCA TVTUV UGUGA UAUKR AEARE ' +
  'GBGBR USUSA UYURY UZUZB VUVUT VEVEN VNVNM VGVGB VIVIR WFWLF EHESH YEYEM ZMZMB ZWZWE XKXKX ACASC TATAA'

/** Two-letter code by three-letter code. */
export const alpha2ByAlpha3: ReadonlyMap<string, string> = new Map(
  CODES.split(' ').map(pair => [pair.slice(2), pair.slice(0, 2)]),
)

/** What people write besides the ISO codes and the names that Intl knows. Keys are lower case without punctuation. */
export const countryAliases: ReadonlyMap<string, string> = new Map(
  Object.entries({
    GB: 'uk,great britain,britain,england,scotland,wales,northern ireland,united kingdom of great britain and northern ireland,u k,gb uk,royaume uni,reino unido,vereinigtes konigreich,grossbritannien,grande bretagne,gran bretana,inghilterra,inglaterra,angleterre,groot brittannie,engeland',
    US: 'u s,u s a,united states of america,america,the states,us of a,estados unidos de america,ee uu,eeuu,eua,etats unis d amerique,vereinigte staaten von amerika,stati uniti d america,verenigde staten van amerika',
    NL: 'holland,the netherlands,hollande,holanda,olanda,ned',
    DE: 'ger,brd,federal republic of germany,bundesrepublik deutschland',
    CH: 'sui,swiss,confederation helvetique',
    GR: 'el,gre,hellas',
    DK: 'den',
    PT: 'por',
    ZA: 'rsa,republic of south africa',
    CZ: 'czech republic,tschechische republik,republique tcheque,republica checa,repubblica ceca,tsjechische republiek',
    CI: 'ivory coast,cote d ivoire',
    KR: 'korea,south korea,republic of korea,korea republic of,korea south',
    KP: 'north korea,korea north,dprk',
    RU: 'russian federation',
    VN: 'viet nam',
    MM: 'burma',
    SZ: 'swaziland',
    MK: 'macedonia,fyrom',
    TR: 'turkey,turkiye',
    AE: 'uae,u a e,emirates',
    HK: 'hong kong',
    MO: 'macau,macao',
    TW: 'taiwan roc,taiwan republic of china',
    CN: 'prc,p r c,people s republic of china,mainland china',
    PS: 'palestine,west bank,gaza',
    CD: 'drc,dr congo,congo kinshasa,democratic republic of the congo,zaire',
    CG: 'congo,congo brazzaville,republic of the congo',
    BA: 'bosnia',
    LA: 'lao pdr',
    SY: 'syrian arab republic',
    IR: 'iran islamic republic of',
    VA: 'vatican,holy see',
    CV: 'cape verde',
    TL: 'east timor',
    TZ: 'united republic of tanzania',
    BO: 'bolivia plurinational state of',
    VE: 'venezuela bolivarian republic of',
    MD: 'republic of moldova',
    IE: 'eire,republic of ireland',
    GM: 'gambia',
    BS: 'bahamas',
    PH: 'the philippines',
  }).flatMap(([code, names]) => names.split(',').map((name): [string, string] => [name, code])),
)
