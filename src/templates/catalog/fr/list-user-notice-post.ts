export default `Votre message ayant pour objet

    $subject

est bien arrivé à la liste de diffusion $list_name et se trouve en
route vers les membres.
`;
